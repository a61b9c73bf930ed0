#!/bin/sh
# SPDX-License-Identifier: MIT
# Countries: selection, where a database is looked for, provenance, states; and the country of every
# source of the honeypots against mmdblookup, where both are at hand.
. tests/support/cli.sh
cat >flows.csv <<END
sip,dip,sport,dport,protocol,packets,bytes,stime
192.0.2.1,10.0.0.1,1,2,6,1,40,2024-04-01T00:00:00Z
198.51.100.1,10.0.0.1,1,2,6,1,40,2024-04-01T00:00:01Z
198.51.100.2,192.0.2.1,1,2,6,1,40,2024-04-01T00:00:02Z
2001:db8::1,2001:db8:1::1,1,2,6,1,40,2024-04-01T00:00:03Z
END
mkdir places
echo '192.0.2.0,192.0.2.255,DE
198.51.100.0,198.51.100.255,FR' >places/geoip
echo '2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,us' >places/geoip6
echo '192.0.2.0,192.0.2.255,JP' >other
echo '192.0.2.0,192.0.2.255,64500' >systems
FLOWFIG_GEO=$here/nowhere:$here/places
export FLOWFIG_GEO
unset SILK_COUNTRY_CODES

# selected N SWITCHES...
selected() {
	n=$1
	shift
	ff 0 info --count -q "$@" flows.csv
	says out "selected: $n"
}
selected 1 --scc=de
selected 3 --scc=DE,fr
selected 1 --dcc=de
selected 2 --any-cc=de
selected 1 --scc=us
selected 3 --dcc=--
selected 0 --scc=--
selected 1 --scc=fr --dcc=--
selected 1 --scc=jp --geo=other
selected 1 --scc=us --geo=places/geoip6 --geo=places/geoip
selected 3 --scc=-- --geo=places/geoip6

# which database was found is told, once each; nothing is looked for that is not needed
ff 0 info --count --dcc=de flows.csv
says err "countries by '$here/places/geoip'" "countries by '$here/places/geoip6'"
ff 0 contact flows.csv --inside=10.0.0.0/8 --data=-
says_not err 'countries'
ff 0 bundle flows.csv --dcc=-- --data=x.csv
says err 'countries: 3 of 4 flows have an address whose country is not known'
SILK_COUNTRY_CODES=$here/other ff 0 info --count --scc=jp flows.csv
says err "countries by '$here/other'"
says out 'selected: 1'

# what is missing, turned off, of another kind or damaged is told; nothing is written
ff 2 bundle flows.csv --scc=de --geo=none -o x.png
says err "'--geo=none' turns off"
ff 2 bundle flows.csv --scc=de --geo=systems -o x.png
says err "'--geo=systems' does not tell"
ff 2 bundle flows.csv --scc=germany -o x.png
says err "'germany' is no code of a country"
FLOWFIG_GEO=$here/nowhere ff 2 bundle flows.csv --scc=de -o x.png
says err "$here/nowhere" '--geo=FILE' tor-geoipdb
ff 1 bundle flows.csv --geo=nothing -o x.png
says err "'nothing': No such file"
ff 2 bundle flows.csv --geo=other --geo=places/geoip -o x.png
says err 'as a database before it does'
echo '192.0.2.0,192.0.2' >broken
ff 1 bundle flows.csv --geo=broken -o x.png
says err "'broken' line 1"
absent x.png

# the database is in the provenance of what asked it, and only there
ff 0 bundle flows.csv --scc=fr -o x.png
ff 0 info x.png
says out '"geo":"geoip, text ranges, digest ' '; geoip6, text ranges, digest '
ff 0 bundle flows.csv --geo=other -o x.png
ff 0 info x.png
says_not out '"geo"'

# states of one database join, under whatever name; those of two do not
ff 0 aggregate bundle flows.csv --scc=fr -o a.ffs
cp -r places elsewhere
mv elsewhere/geoip elsewhere/renamed
ff 0 aggregate bundle flows.csv --scc=fr --geo=elsewhere/renamed --geo=elsewhere/geoip6 -o b.ffs
ff 0 aggregate bundle flows.csv --scc=fr --geo=elsewhere/renamed -o c.ffs
ff 0 merge a.ffs b.ffs -o ab.ffs
ff 0 merge b.ffs a.ffs -o ba.ffs
same ab.ffs ba.ffs
ff 0 info ab.ffs
says out 'countries: geoip, text ranges' 'flows: 8 read, 4 selected'
ff 1 merge a.ffs c.ffs -o x.ffs
says err 'countries of different databases'
absent x.ffs
ff 0 bundle ab.ffs --geo=none --data=-
says out '198.0.0.0,198.255.255.255,10.0.0.0,10.255.255.255,2,2,80'

# countries as fields of a bundle: the same numbers as selections, in codes
ff 0 bundle flows.csv --left=scc --right=dcc --data=- -o x.png
printf '%s\n' left_lo,left_hi,right_lo,right_hi,flows,packets,bytes de,de,--,--,1,1,40 \
	fr,fr,--,--,1,1,40 fr,fr,de,de,1,1,40 us,us,--,--,1,1,40 >want
same out want
says err "countries by '$here/places/geoip'"
ff 0 info x.png
says out '"geo":"geoip, text ranges, digest '
ff 0 bundle flows.csv --left=scc --right=dport --geo=other --data=- --data=x.md --data=x.tex --data=x.json
says out '--,--,0,255,3,3,120' 'jp,jp,0,255,1,1,40'
says x.md '| -- | -- |'
says x.tex '-{}-'
says x.json '["jp", "jp", 0, 255, 1, 1, 40]'
ff 2 bundle flows.csv --left=scc --right=dcc --left-range=de -o y.png
says err "select countries with '--scc'"
ff 2 bundle flows.csv --left=scc --right=dcc --geo=none -o y.png
says err "'--geo=none' turns off"
ff 0 aggregate bundle flows.csv --left=scc --right=dcc -o a.ffs
ff 0 aggregate bundle flows.csv --left=scc --right=dcc --geo=other -o c.ffs
ff 1 merge a.ffs c.ffs -o y.ffs
says err 'countries of different databases'
ff 1 bundle a.ffs flows.csv --left=scc --right=dcc --geo=other -o y.png
says err 'countries of different databases'
ff 0 bundle a.ffs flows.csv --left=scc --right=dcc --data=-
says out 'fr,fr,de,de,2,2,80'
ff 0 bundle a.ffs --data=- # from a state no database is asked
says_not err 'countries by'
same out want
absent y.png y.ffs

# info tells what a database is
pmap=$FF_SHARED/data/silk/pmap/cc-v4.pmap
if [ -e "$pmap" ]; then
	ff 0 info "$pmap"
	says out 'format: database of countries' 'SiLK prefix map'
fi

# the honeypots: every source of a sample, one by one
mmdb=$FF_SHARED/data/mmdb/geo-whois-asn-country/geo-whois-asn-country.mmdb
marx=$FF_SHARED/data/aws-marx/marx-mar-may.conn.log.gz
if command -v mmdblookup >/dev/null && [ -e "$mmdb" ] && [ -e "$marx" ] &&
	"$FLOWFIG" info "$mmdb" >out 2>&1; then
	says out 'format: database of countries' 'built 2026-06-17'
	gzip -dc "$marx" | awk -F'\t' '/^[^#]/ { print $3 }' | sort -u >sources
	awk 'NR % 2997 == 1' sources >sample
	while read -r ip; do
		code=$(mmdblookup -f "$mmdb" -i "$ip" country_code 2>/dev/null | sed -n 's/.*"\(..\)".*/\1/p')
		echo "$ip ${code:---}"
	done <sample >told
	[ -s told ] || fail 'no sample'
	for code in $(cut -d' ' -f2 told | sort -u); do
		sed -n "s/ $code\$//p" told >set
		total=$("$FLOWFIG" info --count -q --sipset=set "$marx" | sed -n 's/selected: //p')
		ff 0 info --count -q --sipset=set --scc="$code" --geo="$mmdb" "$marx"
		says out "selected: $total"
	done
fi
finish
