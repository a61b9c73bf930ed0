#!/bin/sh
# SPDX-License-Identifier: MIT
# bundle and netbytes against sums that awk makes of the same text; their states in any order; what
# they refuse. The honeypots' log, where it is at hand.
. tests/support/cli.sh
inside=198.18.4.0/22
make_flows all.txt

# FILE: sums of flows, packets and bytes from /8 to /8, as the table of bundle
slash8() {
	awk -F'|' 'NR == 1 { for (i = 1; i <= NF; i++) { gsub(/ /, "", $i); at[substr($i, 1, 3)] = i } next }
	{
		gsub(/ /, "")
		split($at["sIP"], s, "."); split($at["dIP"], d, ".")
		key = sprintf("%03d %03d", s[1], d[1])
		flows[key]++; packets[key] += $at["pac"]; bytes[key] += $at["byt"]
	}
	END { for (k in flows) print k, flows[k], packets[k], bytes[k] }' "$1" | sort |
	awk 'BEGIN { print "left_lo,left_hi,right_lo,right_hi,flows,packets,bytes" }
	{
		a = $1 + 0; b = $2 + 0
		printf "%d.0.0.0,%d.255.255.255,%d.0.0.0,%d.255.255.255,%d,%d,%.0f\n", \
			a, a, b, b, $3, $4, $5
	}'
}
# FILE NETWORK: sums by hour, protocol and the port on the side of a /24, as the table of netbytes
hourly() {
	awk -F'|' -v net="$2." 'NR == 1 { for (i = 1; i <= NF; i++) { gsub(/ /, "", $i); at[substr($i, 1, 3)] = i } next }
	function end(port) {
		key = sprintf("%sT%s %03d %05d", day, hour, $at["pro"], port)
		flows[key]++; packets[key] += $at["pac"]; bytes[key] += $at["byt"]
	}
	{
		gsub(/ /, "")
		day = substr($at["sTi"], 1, 10); gsub("/", "-", day)
		hour = substr($at["sTi"], 12, 2) ":00:00Z"
		if ($at["pro"] != 6 && $at["pro"] != 17) next
		if (index($at["sIP"], net) == 1) end($at["sPo"])
		if (index($at["dIP"], net) == 1) end($at["dPo"])
	}
	END { for (k in flows) print k, flows[k], packets[k], bytes[k] }' "$1" | sort |
	awk 'BEGIN { print "bin_start,protocol,port,flows,packets,bytes" }
	{ printf "%s,%d,%d,%d,%d,%.0f\n", $1, $2, $3, $4, $5, $6 }'
}
# a table without the carriage returns that it may have
lines() { tr -d '\r' <"$1" >"$1.lf" && mv "$1.lf" "$1"; }

check() { # FILE NETWORK
	slash8 "$1" >want.csv
	ff 0 bundle -q "$1" --data=got.csv
	lines got.csv
	same want.csv got.csv
	hourly "$1" "$2" >want.csv
	ff 0 netbytes -q --host="$2.0/24" "$1" --data=got.csv
	lines got.csv
	same want.csv got.csv
	[ "$(wc -l <want.csv)" -gt 20 ] || fail "nothing to compare"
}
check all.txt 198.18.5

# states: of parts, merged in any order, are the bytes of one run; any number of threads
{ head -n 1 all.txt; sed -n '2,900p' all.txt; } >a.txt
{ head -n 1 all.txt; sed -n '901,$p' all.txt; } >b.txt
for kind in bundle 'bundle --left=sport --right=bytes --right-range=40-1500' \
	"netbytes --host=$inside --bin=1d" "netbytes --host=$inside --port=peer --direction=in" "netbytes --host=$inside --port=service"; do
	for part in all a b; do
		# shellcheck disable=SC2086 # the options are words
		ff 0 aggregate $kind -q "$part.txt" -o "$part.ffs"
	done
	ff 0 merge -q b.ffs a.ffs -o ba.ffs
	ff 0 merge -q a.ffs b.ffs -o ab.ffs
	same ab.ffs ba.ffs
	# shellcheck disable=SC2086
	ff 0 aggregate $kind -q -j3 b.txt a.txt -o direct.ffs
	same ab.ffs direct.ffs
	# shellcheck disable=SC2086
	ff 0 ${kind%% *} -q all.ffs --data=want.csv --findings=want.json
	# shellcheck disable=SC2086
	ff 0 ${kind%% *} -q ab.ffs --data=got.csv --findings=got.json
	same want.csv got.csv
	same want.json got.json
done
# the measure is free to choose when drawing from a state
ff 0 aggregate bundle -q all.txt -o all.ffs
for measure in flows packets bytes; do
	ff 0 bundle -q all.ffs --measure=$measure --top=3 --findings=$measure.json
	says $measure.json "of the $measure"
done

# refusals
ff 2 netbytes -q all.txt --data=-
says err '--host=ADDRESS'
ff 2 netbytes -q --host=198.18 all.txt --data=-
says err "bad value '198.18' for '--host'"
ff 2 bundle -q --left=dip all.txt --data=-
says err "same field, 'dip'"
ff 2 bundle -q --left=colour all.txt --data=-
says err "knows no 'colour'"
ff 2 bundle -q --left-range=10.0.0.0/33 all.txt --data=-
says err "'--left-range'"
ff 1 bundle -q --left-range=203.0.113.7 --right-range=203.0.113.8 all.txt --data=-
says err 'nothing to draw'
one_record >one.csv
ff 1 bundle -q --measure=bytes one.csv --data=-
says err "needs the field bytes, which the input does not carry"
ff 1 netbytes -q --host=0.0.0.0/0 --memory=4k all.txt --data=-
says err "'--memory'"
ff 1 bundle -q --right-range=10.0.0.0/8 all.txt all.ffs --data=-
says err 'different ranges at the right: 10.0.0.0/8 and 0.0.0.0/0'

# sensors need numbers; a site file tells them
printf 'sip,dip,stime,sensor\n192.0.2.1,10.1.0.1,2024-04-01T00:00:00Z,edge\n' >named.csv
ff 1 bundle -q --right=sensor named.csv --data=-
says err "sensor 'edge' has no number"
printf 'version 2\nsensor 77 edge\nclass all\nsensors edge\nend class\n' >silk.conf
ff 0 bundle -q --right=sensor --right-range=0-99 named.csv --site-config-file=silk.conf --data=-
says out '192.0.0.0,192.255.255.255,77,77,1,'

marx=$FF_SHARED/data/aws-marx/marx-mar-may.rwcut.txt.gz
if [ -f "$marx" ]; then
	gzip -dc "$marx" >marx.txt
	check marx.txt 10.77.0
fi
finish
