#!/bin/sh
# SPDX-License-Identifier: MIT
# The same traffic in several encodings gives the same tables, but for what a format cannot carry,
# which is said where it is compared. Simulated flows through every format that we write; packets
# made here through the tools that are installed (nfdump, Argus); real records where they are at hand.
. tests/support/cli.sh
inside=198.18.4.0/22
opener=$inside # whose source ports are looked at

# tables NAME FILE: what four kinds of figure count of the file, as NAME.KIND.csv
tables() {
	ff 0 contact -q --inside=$inside "$2" --data="$1.contact.csv"
	ff 0 netbytes -q --host=$inside --bin=1h "$2" --data="$1.netbytes.csv"
	ff 0 bundle -q --left=sip --right=dport --right-range=0-255 "$2" --data="$1.bundle.csv"
	ff 0 ephemeral -q --host=$opener --initiator=any "$2" --data="$1.ephemeral.csv"
	[ "$(wc -l <"$1.ephemeral.csv")" -gt 100 ] || fail "hardly anything in $1"
}
# alike A B [KIND...]: their tables are the same
alike() {
	a=$1 b=$2
	shift 2
	for kind in ${*:-contact netbytes bundle ephemeral}; do
		cmp -s "$a.$kind.csv" "$b.$kind.csv" || fail "$kind of $a and $b differ"
	done
}

# ---- what we write ----
# flows that carry all that simulate makes: SiLK holds it, as times are in milliseconds
"$FLOWFIG" simulate border -q --seed=11 --flows=20000 -o made.rw
tables made made.rw
for end in txt csv; do
	"$FLOWFIG" simulate border -q --seed=11 --flows=20000 -o "made.$end"
	tables other "made.$end"
	alike made other
done
for from in made.rw made.csv made.txt; do
	for end in txt csv rw; do
		ff 0 cut -q $from -o "x.$end"
		tables other "x.$end"
		alike made other
	done
	ff 0 cut -q $from --ipv4-output -o four.rw
	ff 0 cut -q $from --delimited=, -o x.txt
	ff 0 cut -q $from --timestamp-format=epoch --no-columns --fields=1-11 -o y.txt
	ff 0 cut -q $from --timestamp-format=epoch --fields=11,9,8,7,6,5,4,3,2,1 -o z.csv
	ff 0 cut -q $from --tz=+09:00 -o tz.csv
	ff 0 cut -q --format=silk $from
	mv out piped.rw
	for file in four.rw x.txt y.txt z.csv tz.csv piped.rw; do
		cp $file file
		gzip -c file >file.gz
		tables other file
		alike made other
		tables other file.gz
		alike made other
	done
done
# without --inside the type of a flow tells its direction: rwcut's twelve columns leave it out
for file in made.rw made.csv x.csv x.rw; do
	ff 0 contact -q $file --data="typed.$(basename $file).csv"
	same typed.made.rw.csv "typed.$(basename $file).csv"
done
# less than that: contacts need no ports, packets or flags
ff 0 cut -q made.rw --fields=sip,dip,stime -o thin.csv
ff 0 contact -q --inside=$inside thin.csv --data=other.contact.csv
alike made other contact
ff 1 netbytes -q --host=$inside thin.csv --data=other.netbytes.csv
# IPv6
"$FLOWFIG" simulate border -q --seed=12 --flows=5000 --inside=2001:db8::/112 -o six.rw
for kind in contact bundle; do
	words="--inside=2001:db8::/112"
	[ $kind = contact ] || words="--left=dport --left-range=0-255 --right=protocol"
	# shellcheck disable=SC2086 # words
	{
		ff 0 $kind -q $words six.rw --data=want.csv
		for end in txt csv rw; do
			ff 0 cut -q six.rw -o "six2.$end"
			ff 0 $kind -q $words "six2.$end" --data=got.csv
			same want.csv got.csv
		done
	}
done

# ---- packets, and what tools make of them ----
# 400 flows of one to four packets, none the answer of another
cat >truth.awk <<'END'
BEGIN {
	print "sip,dip,sport,dport,protocol,packets,bytes,flags,stime,duration"
	for (i = 0; i < 400; i++) {
		protocol = i % 3 ? 6 : 17
		packets = i % 4 + 1
		printf "192.0.2.%d,198.18.%d.%d,%d,%d,%d,%d,%d,%s,%d.%03d,%.3f\n", \
			i % 7 + 1, 4 + i % 4, i * 13 % 250 + 1, 1025 + i * 31 % 60000, \
			i % 5 ? 443 : 53 + i % 9, protocol, packets, packets * (60 + i % 9), \
			protocol == 6 ? (i % 2 ? "SA" : "S") : "", \
			1711929600 + i * 173, i * 7 % 1000, (packets - 1) / 10
	}
}
END
# flows in that text as packets in the hexadecimal that text2pcap reads
cat >packets.awk <<'END'
function two(v) { return sprintf("%02x %02x", int(v / 256), v % 256) }
function quad(a,   p) { split(a, p, "."); return sprintf("%02x %02x %02x %02x", p[1], p[2], p[3], p[4]) }
BEGIN { FS = "," }
NR > 1 {
	len = $7 / $6
	for (k = 0; k < $6; k++) {
		ms = substr($9, 12) + k * 100
		printf "%d.%03d\n", substr($9, 1, 10) + int(ms / 1000), ms % 1000
		line = "02 00 00 00 00 01 02 00 00 00 00 02 08 00 45 00 " two(len) " 00 00 00 00 40 " \
			sprintf("%02x", $5) " 00 00 " quad($1) " " quad($2) " " two($3) " " two($4)
		if ($5 == 6)
			line = line " 00 00 00 01 00 00 00 00 50 " ($8 == "SA" ? "12" : "02") " ff ff 00 00 00 00"
		else
			line = line " " two(len - 20) " 00 00"
		for (n = split(line, bytes, " "); n < len + 14; n++)
			line = line " 00"
		print "0000 " line
	}
}
END
awk -f truth.awk >truth.csv
opener=192.0.2.0/24
tables truth truth.csv
# formats that this flowfig reads
reads() { "$FLOWFIG" list formats | grep -q "^$1 "; }
if command -v text2pcap >/dev/null && reads pcap; then
	awk -f packets.awk truth.csv >packets.hex
	text2pcap -q -t '%s.%f' packets.hex packets.pcap >out 2>err || fail 'text2pcap'
	tables pcap packets.pcap
	alike truth pcap
	# and from there through everything that we write
	for end in txt csv rw; do
		ff 0 cut -q packets.pcap -o "packets.$end"
		tables other "packets.$end"
		alike truth other
	done
	if command -v nfpcapd >/dev/null && reads nfdump; then
		mkdir nf
		nfpcapd -r packets.pcap -l nf -t 86400 >out 2>&1 || fail 'nfpcapd'
		tables nfcapd nf
		# nfpcapd ends some flows early: there are more of them, with the same sums
		alike truth nfcapd contact
		for kind in netbytes bundle; do
			for name in truth nfcapd; do
				awk -F, -v OFS=, '{ $(NF - 2) = "" } 1' $name.$kind.csv >$name.sums
			done
			same truth.sums nfcapd.sums
		done
		for name in truth nfcapd; do
			cut -d, -f2- $name.ephemeral.csv | sort -u >$name.ends
		done
		same truth.ends nfcapd.ends
	fi
	if command -v nfdump >/dev/null && [ -d nf ]; then
		# its text has whole seconds: times of source ports are cut
		for file in nf/nfcapd.*; do nfdump -o csv -r "$file"; done >nfdump.csv 2>err
		tables nfdump nfdump.csv
		alike nfcapd nfdump contact netbytes bundle
		for name in nfcapd nfdump; do
			sed 's/\.[0-9]*Z,/Z,/' $name.ephemeral.csv | sort >$name.seconds
		done
		same nfcapd.seconds nfdump.seconds
	fi
	if command -v argus >/dev/null && command -v ra >/dev/null; then
		# bytes of Argus are those of frames: 14 more a packet
		argus -r packets.pcap -w packets.argus >out 2>&1 && ra -n -u -c , -r packets.argus \
			-s stime,ltime,proto,saddr,sport,dir,daddr,dport,spkts,dpkts,sbytes,dbytes,state - ip \
			>argus.csv 2>err || fail 'ra'
		tables argus argus.csv
		alike truth argus contact ephemeral
		for kind in netbytes bundle; do
			awk -F, -v OFS=, 'NR > 1 { $NF += 14 * $(NF - 1) } 1' truth.$kind.csv |
				cmp -s - argus.$kind.csv || fail "$kind of Argus"
		done
	fi
fi

# ---- real records: one reading as another, and through what we write ----
[ -d "$FF_SHARED/data" ] || finish
data=$FF_SHARED/data
for file in "$data/ctu-zeek/008-zeek-mixed/conn.log.labeled" "$data/slips/test6-malicious.suricata.json" \
	"$data/slips/test2-malicious.binetflow" "$data/slips/test1-malicious.nfdump" \
	"$data/derived-vpc/ctu-008-011.vpcflow.log.gz"; do
	case $file in *.nfdump) reads nfdump || continue ;; esac
	for kind in contact bundle; do
		ff 0 $kind -q --inside=0.0.0.0/1 "$file" --data=want.csv
		for end in txt csv rw; do
			# damaged records are told of, and end with status 3
			"$FLOWFIG" cut -q "$file" -o "real.$end" 2>err
			case $? in 0 | 3) ;; *) fail "cut $file to $end" ;; esac
			ff 0 $kind -q --inside=0.0.0.0/1 "real.$end" --data=got.csv
			same want.csv got.csv
		done
	done
done
finish
