#!/bin/sh
# SPDX-License-Identifier: MIT
# Damage: skipped, counted and told with status 3 while it is little, status 1 when it is more than
# --max-bad allows; the message says file and place of the first.
. tests/support/cli.sh
make_flows whole.rw
make_flows whole.txt
make_flows whole.csv
flows=3300
ff 0 contact -q whole.rw --data=whole.out.csv

# text: one line of 3,300 is garbage; the rest counts
for kind in txt csv; do
	head -n 100 whole.$kind >bad.$kind
	echo 'garbage,here|and there' >>bad.$kind
	tail -n +101 whole.$kind >>bad.$kind
	ff 3 contact bad.$kind --data=bad.out.csv -o bad.png
	says err '1 damaged record was skipped' "'bad.$kind' at line 101"
	same whole.out.csv bad.out.csv
	[ -s bad.png ] || fail "no picture from bad.$kind"
	ff 3 contact -q bad.$kind --data=bad.out.csv
	says err '1 damaged record was skipped' # also with --quiet
	ff 3 contact -q bad.$kind --max-bad=1 --data=bad.out.csv
	for limit in 0 0% 0.01%; do
		ff 1 contact bad.$kind --max-bad=$limit --data=x.csv
		says err 'too many damaged records' "1 of $((flows + 1))" "'bad.$kind' at line 101"
		absent x.csv
	done
	ff 3 aggregate contact -q bad.$kind -o bad.ffs
	ff 0 contact -q bad.ffs --data=bad.out.csv
	same whole.out.csv bad.out.csv
	ff 3 info --count bad.$kind
	says out "records: $flows"
	# the first is the first in the file, whichever thread finds one first
	sed '3000s/.*/x/; 200s/.*/x/; 50s/.*/x/' whole.$kind >three.$kind
	ff 3 contact -q three.$kind --data=x.csv --max-bad=5
	says err '3 damaged records were skipped' 'at line 50'
	rm x.csv
done

# several inputs: one count, the first input's damage is told
ff 3 contact -q bad.txt whole.rw bad.csv --data=x.csv
says err '2 damaged records' "'bad.txt' at line 101"

# SiLK: a file that ends in the middle of a record
size=$(wc -c <whole.rw)
head -c $((size - 20)) whole.rw >cut.rw
ff 3 contact cut.rw --data=cut.csv
says err '1 damaged record was skipped' "'cut.rw' at byte $((size - 52))"
head -c 9000 whole.rw >cut.rw
ff 1 contact cut.rw --data=x.csv.csv
says err 'too many damaged records' "'cut.rw'"
absent x.csv.csv
# ... in the header, or with a format and version that nobody knows
head -c 40 whole.rw >head.rw
ff 1 contact head.rw --data=head.csv
says err "'head.rw'"
{
	head -c 5 whole.rw
	printf '\026'
	tail -c +7 whole.rw | head -c 6
	printf '\000\143'
	tail -c +15 whole.rw
} >version.rw
cmp -s whole.rw version.rw && fail "the version was not changed"
ff 1 contact version.rw --data=version.csv
says err "'version.rw'" 99

# compressed files that end early, or rot
gzip -c whole.rw >whole.rw.gz
head -c 20000 whole.rw.gz >cut.rw.gz
ff 1 contact cut.rw.gz --data=x2.csv
says err "damaged gzip data in 'cut.rw.gz' at byte 20000"
absent x2.csv
{
	head -c 15000 whole.rw.gz
	printf 'ROTTEN'
	tail -c +15007 whole.rw.gz
} >rot.rw.gz
"$FLOWFIG" contact rot.rw.gz --data=x2.csv >out 2>err
[ $? -eq 1 ] || fail "a rotten gzip file was read"
says err "'rot.rw.gz'"
absent x2.csv
finish
