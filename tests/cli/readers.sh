#!/bin/sh
# SPDX-License-Identifier: MIT
# The readers of text: small files of each format from a file, a pipe, compressed, put together and
# in a folder; and, where they are at hand, real records of the same traffic in several formats,
# which must tell the same.
# shellcheck disable=SC2046,SC2005 # words of several lines, joined
. tests/support/cli.sh
data=$root/tests/data

# count FLOWS OTHERS FORMAT/FILE: every way in tells as many, and the format
count() {
	told="records: $1"
	[ "$2" -eq 0 ] || told="$told no flows: $2"
	format=${3%/*}
	input=$data/$3
	ff 0 info "$input"
	says out "format: $format"
	ff 0 info --count "$input"
	[ "$(echo $(cat out))" = "$told" ] || fail "$3: $(cat out), not $told"
	gzip -c "$input" >copy.gz
	ff 0 info --count --threads=3 copy.gz
	[ "$(echo $(cat out))" = "$told" ] || fail "$3 compressed: $(cat out)"
	ff 0 info --count - <"$input"
	[ "$(echo $(cat out))" = "$told" ] || fail "$3 from a pipe: $(cat out)"
	cat "$input" "$input" >twice
	ff 0 info --count --threads=2 twice
	says out "records: $((2 * $1))"
}
count 12 3 argus/both.csv
count 4 1 argus/tabs.tsv
count 3 0 argus/fields.csv
count 4 1 argus/totals.csv
count 5 1 eve/flow.json
count 2 0 eve/netflow.json
count 4 0 ipfix/redefined.ipfix
count 8 0 ipfix/times.ipfix
count 3 1 ipfix/yaf.ipfix
count 6 0 netflow/exports.pcap
count 6 0 netflow/exports.pcapng
count 3 0 netflow/v5.dat
count 2 1 netflow/v9.dat
count 3 0 nfdump-csv/titled.csv
count 1 1 nfdump-csv/untitled.csv
count 2 0 nfdump-csv/ten.csv
count 3 2 vpc/titled.log
count 2 2 vpc/default.log
count 2 1 vpc/custom.log
count 18 0 zeek/conn.log
count 8 0 zeek/dots.json
count 7 1 zeek/mixed.json

# without reading it: lines of text, counted or guessed, and when it begins
ff 0 info "$data/vpc/titled.log"
says out "size: $(wc -c <"$data/vpc/titled.log") bytes" "lines: $(($(wc -l <"$data/vpc/titled.log") - 1))"
awk 'BEGIN { print "sip,dip,stime"; for (i = 0; i < 50000; i++) print "192.0.2.1,10.0.0.1,2024-04-01T00:00:00Z" }' >many.csv
ff 0 info many.csv
says out 'lines: about ' 'first record: 2024-04-01T00:00:00Z'
gzip many.csv
ff 0 info many.csv.gz
says_not out lines:
says out 'compressed: gzip' 'first record: 2024-04-01T00:00:00Z'

# a folder of Zeek's logs: those of connections are read, others left out
mkdir logs
cp "$data/zeek/conn.log" logs/
printf '#separator \\x09\n#path\tdns\n#fields\tts\tid.orig_h\tid.resp_h\tquery\n1\t192.0.2.1\t192.0.2.2\ta\n' >logs/dns.log
ff 0 info --count logs
says out "records: 18"
says err '1 files in the folders are no flow files'
ff 1 info logs/dns.log
says err "is Zeek's log 'dns'"

# which way flows go is told by Zeek
ff 0 contact "$data/zeek/conn.log" --data=-
says err "the input's own types"

# other columns in the middle: told, not guessed
{
	cat "$data/zeek/conn.log"
	printf '#fields\tts\tid.orig_h\n'
} >two.log
ff 1 info --count two.log
says err 'other columns begin' two.log

# templates and data of a NetFlow exporter in files of their own: put together, in any order
ff 0 info --count --input-format=netflow "$data/netflow/exports.pcap"
says out 'records: 6'
dd if="$data/netflow/v9.dat" of=data.dat bs=1 count=56 2>/dev/null
dd if="$data/netflow/v9.dat" of=template.dat bs=1 skip=56 2>/dev/null
cat template.dat data.dat | ff 0 info --count -
says out 'records: 2'
cat data.dat template.dat | ff 0 info --count -
says out 'records: 2'
ff 3 info --count --max-bad=100% data.dat
says out 'records: 0'
says err "no template 260 of domain 3 for the data in 'data.dat' at byte 24"

[ -d "$FF_SHARED/data" ] || finish
cd "$FF_SHARED/data" || exit 1
# the honeypots as Zeek and as rwcut have them
"$FLOWFIG" contact -q --inside=10.77.0.0/24 aws-marx/marx-mar-may.conn.log.gz --data="$here/zeek.csv"
"$FLOWFIG" contact -q --inside=10.77.0.0/24 aws-marx/marx-mar-may.rwcut.txt.gz --data="$here/rwcut.csv"
same "$here/zeek.csv" "$here/rwcut.csv"
# two hosts as Zeek and as a VPC's log have them; the log has no flows without packets
"$FLOWFIG" contact -q --packets=1- --inside=147.32.0.0/16 --pairs=port ctu-zeek/008* ctu-zeek/011* --data="$here/zeek.csv"
"$FLOWFIG" contact -q --inside=147.32.0.0/16 --pairs=port derived-vpc/*.gz --data="$here/vpc.csv"
same "$here/zeek.csv" "$here/vpc.csv"
# one host's traffic as Zeek and as Argus have it: the same ends; Argus cuts long transactions
# and the packets themselves
for input in otrf-apt29/day2-UTICA-A_conn.log derived-argus/day2-UTICA-A.argus.csv \
	otrf-apt29/day2-UTICA-A.cap; do
	"$FLOWFIG" ephemeral -q --host=10.0.1.5 --initiator=any $input --data=- |
		sed 1d | cut -d, -f2- | sort -u >"$here/$(basename $input).csv"
done
[ "$(wc -l <"$here/day2-UTICA-A.argus.csv.csv")" -eq 353 ] || fail "not 353 pairs of ends"
same "$here/day2-UTICA-A_conn.log.csv" "$here/day2-UTICA-A.argus.csv.csv"
same "$here/day2-UTICA-A_conn.log.csv" "$here/day2-UTICA-A.cap.csv"
cd "$here" || exit 1
finish
