#!/bin/sh
# SPDX-License-Identifier: MIT
# `flowfig cut`: text as rwcut prints it, CSV, NDJSON and SiLK; the order of the inputs whatever the
# threads; what formats cannot hold; wrong words; and, where SiLK's own files are at hand, its text
# and its selections byte for byte.
. tests/support/cli.sh

cat >small.csv <<'END'
sip,dip,sport,dport,protocol,packets,bytes,flags,stime,duration,sensor,class,type
192.0.2.1,10.1.0.1,1025,443,6,1,40,SA,2024-04-01T00:00:00.123456Z,1.5,east,all,in
2001:db8::1,2001:db8::2,0,768,1,2,200,,2024-04-01T23:59:59.5Z,0,,,
192.0.2.3,10.1.0.3,,,,,,-,2024-04-02T00:00:00Z,,,,
END
ff 0 cut small.csv
silent err
cat >want <<'END'
                                    sIP|                                    dIP|sPort|dPort|pro|   packets|     bytes|   flags|                  sTime| duration|                  eTime|sen|
                              192.0.2.1|                               10.1.0.1| 1025|  443|  6|         1|        40| S  A   |2024/04/01T00:00:00.123|    1.500|2024/04/01T00:00:01.623|east|
                            2001:db8::1|                            2001:db8::2|    0|  768|  1|         2|       200|        |2024/04/01T23:59:59.500|    0.000|2024/04/01T23:59:59.500|  ?|
                              192.0.2.3|                               10.1.0.3|     |     |   |          |          |        |2024/04/02T00:00:00.000|         |                       |  ?|
END
same out want
ff 0 cut --delimited small.csv --fields=1-3,flags,sTi,class,21,iCode
cat >want <<'END'
sIP|dIP|sPort|flags|sTime|class|type|iCode
192.0.2.1|10.1.0.1|1025|SA|2024/04/01T00:00:00.123|all|in|
2001:db8::1|2001:db8::2|0||2024/04/01T23:59:59.500|?|255|0
192.0.2.3|10.1.0.3|||2024/04/02T00:00:00.000|?|255|
END
same out want
# rwcut's habits
ff 0 cut --no-titles --no-columns --num-recs=1 --fields=1,9 --timestamp-format=epoch small.csv
[ "$(cat out)" = '192.0.2.1|1711929600.123|' ] || fail "epoch: $(cat out)"
ff 0 cut --delimited=, --no-titles --num-recs=1 --fields=1,9 --timestamp-format=iso --tz=+05:30 small.csv
[ "$(cat out)" = '192.0.2.1,2024-04-01 05:30:00.123' ] || fail "iso: $(cat out)"
ff 0 cut --no-columns --no-final-delimiter --column-separator=tab --no-titles --num-recs=1 --fields=sip,dip small.csv
[ "$(cat out)" = "$(printf '192.0.2.1\t10.1.0.1')" ] || fail "tabs: $(cat out)"
# exact text, and what is not known
ff 0 cut --format=csv --fields=1,2,8,9,10,dPort,type small.csv
cat >want <<'END'
sip,dip,flags,stime,duration,dport,type
192.0.2.1,10.1.0.1,SA,2024-04-01T00:00:00.123456Z,1.500,443,in
2001:db8::1,2001:db8::2,,2024-04-01T23:59:59.500Z,0,768,
192.0.2.3,10.1.0.3,-,2024-04-02T00:00:00Z,,,
END
same out want
ff 0 cut --format=ndjson --fields=1-3,8-10,sensor,class small.csv --tz=-02:00
cat >want <<'END'
{"sip":"192.0.2.1","dip":"10.1.0.1","sport":1025,"flags":"SA","stime":"2024-03-31T22:00:00.123456-02:00","duration":1.500,"sensor":"east","class":"all"}
{"sip":"2001:db8::1","dip":"2001:db8::2","sport":0,"flags":"","stime":"2024-04-01T21:59:59.500-02:00","duration":0}
{"sip":"192.0.2.3","dip":"10.1.0.3","stime":"2024-04-01T22:00:00-02:00"}
END
same out want
ff 0 cut --format=ndjson --fields=9 --timestamp-format=epoch --num-recs=1 small.csv
[ "$(cat out)" = '{"stime":1711929600.123456}' ] || fail "epoch in JSON: $(cat out)"

# selection and files; the extension tells the format
for end in txt csv ndjson jsonl rw silk; do
	ff 0 cut --daddress=10.1.0.1 small.csv -o "x.$end"
	silent out
	says err "1 of 3 flows are in 'x.$end'"
done
same x.ndjson x.jsonl
ff 0 info x.rw
says out 'FT_RWIPV6ROUTING v1' 'invocation: flowfig cut --daddress=10.1.0.1 small.csv -o x.rw' 'records: 1'
ff 0 cut --ip-version=4 --ipv4-output small.csv -o x.rw
says err "not known, and 0 now: sPort of 1 flow, dPort of 1 flow, protocol of 1 flow, packets of 1 flow, bytes of 1 flow, flags of 1 flow, duration of 1 flow; 1 flow with times cut to milliseconds" \
	"no names of sensors: 0 is 'east'"
ff 0 info x.rw
says out 'FT_RWGENERIC v5'
ff 2 cut --ipv4-output small.csv -o y.rw
says err 'record 2 has an IPv6 address'
absent y.rw
ff 0 cut -q --ip-version=6 small.csv --format=silk
"$FLOWFIG" cut --delimited --fields=1,dport - <out >one
[ "$(sed 1d one)" = '2001:db8::1|768' ] || fail "through a pipe: $(cat one)"
# a flow that nothing passes
ff 0 cut --daddress=10.9.0.1 small.csv
[ "$(wc -l <out)" -eq 1 ] || fail "not the titles alone"
ff 1 cut --application=80 small.csv
says err "application" "'small.csv'"

wrong() {
	text=$1
	shift
	ff 2 "$@"
	says err "$text"
	silent out
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line on standard error: $*"
	absent z.csv z.rw z.dat
}
wrong 'no input' cut -o z.csv
wrong "'z.dat' names no format" cut small.csv -o z.dat
wrong "unknown field 'bogus' in --fields" cut --fields=1,bogus small.csv
wrong "bad field number '30' in --fields" cut --fields=30 small.csv
wrong "no field at place 1 of --fields='16'" cut --fields=16 small.csv
wrong "field 'sTime' is twice" cut --fields=9,22 small.csv
wrong "field 'iType' is twice" cut --fields=25,iType small.csv
wrong 'no field' cut --fields= small.csv
wrong "'ab' is no separator" cut --column-separator=ab small.csv
wrong "'Mars' is no time zone" cut --tz=Mars small.csv
wrong "rwcut's text cannot be had with --format=csv" cut --delimited small.csv -o z.csv
wrong "'--fields' cannot be had with --format=silk" cut --fields=1 small.csv -o z.rw
wrong "'--ipv4-output' cannot be had with --format=csv" cut --ipv4-output small.csv -o z.csv
wrong "'small.csv' would replace an input" cut small.csv -o small.csv
ff 0 aggregate bundle -q small.csv -o s.ffs
wrong "'s.ffs' is a state, which holds counts and no flows" cut s.ffs
ff 1 cut nothing.csv
says err "cannot open 'nothing.csv'"

# ---- order: the same bytes from any number of threads, over files with and without flows ----
"$FLOWFIG" simulate border -q --seed=5 --flows=60000 -o big.rw
"$FLOWFIG" simulate border -q --seed=6 --flows=60000 -o big.csv
"$FLOWFIG" simulate border -q --seed=7 --flows=500 -o small.txt
for n in 1 2 3; do head -n 1 big.csv >empty$n.csv; done
gzip -c big.csv >big.csv.gz
for words in '' '--protocol=17' '--dport=53' '--num-recs=65536' '--num-recs=3'; do
	# shellcheck disable=SC2086 # words
	for threads in 1 2 7; do
		ff 0 cut -q --threads=$threads $words --format=csv big.csv empty1.csv small.txt empty2.csv \
			empty3.csv big.rw big.csv.gz
		mv out "order.$threads"
	done
	same order.1 order.2
	same order.1 order.7
	[ "$(wc -l <order.1)" -ge 4 ] || fail "hardly any flows: '$words'"
done
ff 0 cut -q --format=csv big.csv --fields=1-12,type
same out big.csv
ff 0 cut -q --threads=4 --num-recs=20000 --delimited big.rw
mv out some
ff 0 cut -q --delimited big.rw
head -n 20001 out >want
same some want

# a reader that goes away ends it without a word; nothing is left behind
"$FLOWFIG" cut big.rw 2>err | head -n 1 >out
silent err
[ "$(wc -l <out)" -eq 1 ] || fail "no title"

# damage: what is sound goes out, status 3 tells; too much of it is status 1
{
	cat big.csv
	echo damage
} >bad.csv
ff 3 cut bad.csv --format=csv --fields=1-12,type
same out big.csv
says err '1 damaged record'
ff 1 cut bad.csv --max-bad=0 -o bad.rw
absent bad.rw

# ---- the selection of a finding, pasted ----
# as many flows as the finding tells of, also when the figure had a selection of its own
pasted=0
for words in '' '--protocol=6' '--dport=23,445 --flags-all=S/SA'; do
	# shellcheck disable=SC2086 # words
	ff 0 bundle -q big.rw $words --findings=f.json
	sed -n 's/.*"selection": "\([^"]*\)".*/\1/p' f.json >selections
	sed -n 's/.*"numbers": {.*"flows": \([0-9]*\).*/\1/p' f.json >flows
	sed -n 's/.*"kind": "\([a-z-]*\)".*/\1/p' f.json >kinds
	grep -n '^link$' kinds | cut -d: -f1 >links
	while read -r line; do
		# shellcheck disable=SC2046 # words
		ff 0 cut -q --no-titles $(sed -n "${line}p" selections) big.rw
		[ "$(wc -l <out)" -eq "$(sed -n "${line}p" flows)" ] ||
			fail "'$(sed -n "${line}p" selections)' gives $(wc -l <out) flows"
		pasted=$((pasted + 1))
	done <links
done
[ $pasted -ge 15 ] || fail "only $pasted findings"
for kind in 'contact --inside=198.18.4.0/22' 'netbytes --host=198.18.4.0/22' 'ephemeral --host=198.18.4.0/22'; do
	# shellcheck disable=SC2086 # words
	ff 0 $kind -q big.rw --findings=f.json
	sed -n 's/.*"selection": "\([^"]*\)".*/\1/p' f.json | head -n 5 >selections
	while read -r selection; do
		# shellcheck disable=SC2086 # words
		ff 0 cut -q --no-titles $selection big.rw
		[ -s out ] || fail "'$selection' selects nothing"
	done <selections
done

# ---- SiLK's own text ----
silk=$FF_SHARED/data/silk
[ -d "$silk/full" ] || finish
all=--fields=1-12,class,type,13-15,26-29,iType,iCode
for kind in v4 v6 mixed; do
	gzip -dc "$silk/oracle/full-$kind.cut.txt.gz" >want
	cut -d'|' -f1-12 want >want12
	for file in "$silk/full/$kind"-*; do
		case $file in
		*lzo1x*) "$FLOWFIG" --version | grep -q lzo1x || continue ;;
		*notes*) continue ;;
		esac
		ff 0 cut -q --delimited $all "$file"
		same out want
	done
	# the default, with its blanks and last delimiters taken away
	ff 0 cut -q "$file"
	sed 's/ //g; s/|$//; 1s/pro|/protocol|/; 1s/sen$/sensor/' out | cmp - want12 ||
		fail "the default text of $kind"
	# through every format that we write, and back
	for end in txt csv rw; do
		ff 0 cut -q "$file" --site-config-file="$silk/silk.conf" -o "back.$end"
		ff 0 cut -q --delimited "back.$end" --site-config-file="$silk/silk.conf"
		same out want12
	done
	ff 0 cut -q --delimited $all back.csv --site-config-file="$silk/silk.conf"
	same out want
	ff 0 cut -q --delimited $all back.rw --site-config-file="$silk/silk.conf"
	same out want
done
for file in "$silk"/allfmt/*/*-c0-L.dat; do
	name=$(basename "$file")
	gzip -dc "$silk/oracle/allfmt-$(basename "$(dirname "$file")")-${name%-c0-L.dat}.cut.txt.gz" |
		cut -d'|' -f1-12 >want
	ff 0 cut -q --delimited "$file"
	same out want
done
# rwfilter's switches: the digest of what rwcut printed of the flows that passed
cd "$silk" || exit 1
selected=0
sed 1d oracle/filter-queries.tsv >"$here/queries"
while IFS="$(printf '\t')" read -r input switches _ _ _ digest _; do
	case $digest/$switches in
	/*) continue ;;
	*--scc* | *--dcc* | *--any-cc* | *--tuple* | *--max-pass*) continue ;;
	esac
	case $input in
	v4) file=full/v4-generic-little-none.rw ;;
	v4r) file=full/v4-ipv6routing-little-zlib.rw ;;
	v6) file=full/v6-ipv6routing-big-none.rw ;;
	mix) file=full/mixed-ipv6routing-little-zlib.rw ;;
	esac
	got=$(eval "\"\$FLOWFIG\" cut -q --delimited $all $switches $file" | md5sum | cut -d' ' -f1)
	[ "$got" = "$digest" ] || fail "$input $switches"
	selected=$((selected + 1))
done <"$here/queries"
[ $selected -eq 133 ] || fail "$selected selections, not 133"
cd "$here" || exit 1
finish
