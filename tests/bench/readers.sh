#!/bin/sh
# How many records a second flowfig decodes of each format, on one thread and on two, beside the
# format's own tool going over the same file: nfdump -o null, rwfilter, ra, tshark, and for text
# wc -l, which only looks for the ends of lines; see common.sh. A format that flowfig does not read,
# or whose file nothing here makes, has no line.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

# ---- the flows in every format; kept beside the others, gone with them ----
packets=2000000 # at most so many flows as packets, and as JSON
reads() { "$ff" list formats | grep -q "^$1 "; }
# encoded FILE COMMAND...: writes $FILE.tmp
encoded() {
	file=$1
	shift
	[ -f "$file" ] || {
		say "making $file"
		"$@" && mv "$file.tmp" "$file" || { rm -f "$file.tmp"; say "no $file: left out"; }
	}
}
pressed() { gzip -1 -c "$1" >"$2.tmp"; }
printed() { nfdump -q -o csv -r flows.nfcapd >flows.nfdump.csv.tmp 2>/dev/null; }
${CC:-cc} -O2 -std=c11 -o encode "$here/encode.c"
encoded flows.6.rw "$ff" cut -q flows.rw --format=silk -o flows.6.rw.tmp
encoded flows.txt "$ff" cut -q flows.rw --format=rwcut --delimited -o flows.txt.tmp
encoded flows.all.csv "$ff" cut -q flows.rw --format=csv -o flows.all.csv.tmp
encoded flows.csv.gz pressed flows.csv flows.csv.gz
for kind in zeek argus vpc ipfix; do
	reads $kind && encoded flows.$kind ./encode $kind flows.raw flows.$kind.tmp
done
for kind in eve pcap; do
	reads $kind && encoded flows.$kind ./encode $kind flows.raw flows.$kind.tmp $packets
done
have nfdump && encoded flows.nfdump.csv printed

# ---- rounds ----
# format NAME FILE READER: flowfig on one thread and on two; counts its records once
format() {
	[ -f "$2" ] && reads "$3" || return 0
	[ -s "out/$1.records" ] || "$ff" info --count --quiet "$2" >"out/$1.records" ||
		die "$2 cannot be read"
	run "$1" "$ff" info --count --quiet --threads=2 "$2"
	run "$1-1" "$ff" info --count --quiet --threads=1 "$2"
}
# tool NAME FILE COMMAND...: when there is the file, and the program
tool() {
	name=$1 file=$2
	shift 2
	[ -f "$file" ] && have "$1" || return 0
	run "$name-tool" "$@"
}
round() {
	format silk flows.rw silk
	tool silk flows.rw rwfilter --protocol=0- --print-statistics flows.rw
	format silk6 flows.6.rw silk
	tool silk6 flows.6.rw rwfilter --protocol=0- --print-statistics flows.6.rw
	format nfdump flows.nfcapd nfdump
	tool nfdump flows.nfcapd nfdump -r flows.nfcapd -o null
	format ipfix flows.ipfix ipfix
	tool ipfix flows.ipfix ipfixDump --in flows.ipfix --out /dev/null
	format pcap flows.pcap pcap
	tool pcap flows.pcap tshark -r flows.pcap -T fields -e frame.time_epoch -e ip.src -e ip.dst \
		-e ip.proto -e ip.len
	for text in 'csv flows.csv csv' 'csv-all flows.all.csv csv' 'rwcut flows.txt rwcut' \
		'zeek flows.zeek zeek' 'argus flows.argus argus' 'vpc flows.vpc vpc' \
		'eve flows.eve eve' 'nfdump-csv flows.nfdump.csv nfdump-csv'; do
		# shellcheck disable=SC2086 # words
		set -- $text
		format "$@"
		tool "$1" "$2" wc -l "$2"
	done
	format csv-gz flows.csv.gz csv
	tool csv-gz flows.csv.gz sh -c 'zcat flows.csv.gz | wc -l'
}

rm -f out/*.records
rounds
records=
for file in out/*.records; do
	name=${file#out/}
	records="$records ${name%.records}=$(sed -n 's/^records: //p' "$file")"
done
report -v records="$records" -f "$here/report.awk" -f "$here/readers.awk" $(ls times/*)
