#!/bin/sh
# SPDX-License-Identifier: MIT
# States: aggregate, merge and draw give what one run gives, in any order; states of other parameters,
# selections or networks, and damaged ones, are refused.
# shellcheck disable=SC2086 # options are kept as words
. tests/support/cli.sh
inside=--inside=198.18.4.0/22
make_flows all.txt
{ head -n 1 all.txt; sed -n '2,900p' all.txt; } >a.txt
{ head -n 1 all.txt; sed -n '901,901p' all.txt; } >b.txt
{ head -n 1 all.txt; sed -n '902,$p' all.txt; } >c.txt
ff 0 contact -q $inside all.txt --data=want.csv --findings=want.json -o want.trace

# one state; several, merged in any order and grouping; states among flow files
for part in all a b c; do ff 0 aggregate contact -q $inside $part.txt -o $part.ffs; done
ff 0 merge -q a.ffs b.ffs c.ffs -o abc.ffs
for order in 'c.ffs b.ffs a.ffs' 'b.ffs a.ffs c.ffs' 'b.ffs c.ffs a.ffs'; do
	ff 0 merge -q $order -o other.ffs
	same abc.ffs other.ffs
done
ff 0 merge -q a.ffs c.ffs -o ac.ffs
ff 0 merge -q b.ffs ac.ffs -o other.ffs
same abc.ffs other.ffs
ff 0 merge -q abc.ffs -o abc.ffs # in place
same abc.ffs other.ffs
ff 0 aggregate contact -q $inside c.txt a.txt b.txt -o direct.ffs
same abc.ffs direct.ffs
ff 0 aggregate contact -q $inside c.txt a.ffs b.txt -o direct.ffs
same abc.ffs direct.ffs
for inputs in all.ffs abc.ffs 'c.ffs b.ffs a.ffs' 'abc.ffs --bin=1h --direction=in' \
	"$inside abc.ffs" "$inside a.ffs b.txt c.ffs"; do
	ff 0 contact -q $inputs --data=got.csv --findings=got.json -o got.trace
	same want.csv got.csv
	same want.json got.json
done
# contacts that were seen before do not count again, flows do
ff 0 merge -q a.ffs a.ffs b.ffs c.ffs -o twice.ffs
ff 0 contact -q twice.ffs --data=got.csv
same want.csv got.csv

# the picture: the same bytes but for the words about where it came from
plain='--source=words --subtitle=words'
ff 0 contact -q $inside all.txt $plain -o one.trace -o one.png -o one.svg
ff 0 contact -q all.ffs $plain -o two.trace -o two.png -o two.svg
sed 's/flowfig contact[^·]*//' one.trace >one.words
sed 's/flowfig contact[^·]*//' two.trace >two.words
same one.words two.words
ff 0 contact -q $inside a.txt b.txt c.txt $plain -o one.trace
ff 0 contact -q $inside a.ffs b.ffs c.ffs $plain -o two.trace
same one.trace two.trace
ff 0 info two.png
says out '"name":"all.txt"' '"flows_read":3300'

# what a state says of itself
ff 0 info abc.ffs
says out 'kind: contact' 'inside: 198.18.4.0/22' 'selection: (all)' '3,300 read, 3,300 selected' \
	'inbound: 3,300' 'input: a.txt, rwcut, 899 records'

# spilled to the scratch folder: the same bytes; nothing stays there
mkdir scratch
TMPDIR=$here/scratch ff 0 aggregate contact -q $inside all.txt --memory=4k -o spilled.ffs
same all.ffs spilled.ffs
TMPDIR=$here/scratch ff 0 contact -q --memory=4k all.ffs --data=got.csv
same want.csv got.csv
[ -z "$(ls -A scratch)" ] || fail "left in the scratch folder: $(ls -A scratch)"

# not to be joined
# refused(WHAT IT SAYS, WORDS...)
refused() {
	text=$1
	shift
	ff 1 "$@"
	says err "$text"
	absent x.ffs x.csv
}
ff 0 aggregate contact -q $inside --bin=1d all.txt -o day.ffs
ff 0 aggregate contact -q $inside --direction=out all.txt -o out.ffs
ff 0 aggregate contact -q $inside --pairs=port all.txt -o port.ffs
ff 0 aggregate contact -q $inside --protocol=6 all.txt -o tcp.ffs
ff 0 aggregate contact -q --inside=198.18.0.0/16 all.txt -o wide.ffs
ff 0 aggregate contact -q all.txt -o types.ffs
for other in day out port tcp wide types; do
	refused "cannot merge '$other.ffs'" merge -q all.ffs $other.ffs -o x.ffs
	refused "cannot merge '$other.ffs'" contact -q all.ffs $other.ffs --data=x.csv
done
for own in '' $inside; do
	refused 'different bins: 1' contact -q --bin=1d $own all.ffs --data=x.csv
done
refused 'different directions' contact -q --direction=out $inside all.ffs --data=x.csv
refused 'different pairs' contact -q --pairs=port $inside all.ffs --data=x.csv
refused "cannot merge 'all.ffs'" contact -q $inside --protocol=6 all.ffs --data=x.csv
refused "cannot merge 'all.ffs'" contact -q --protocol=6 all.ffs --data=x.csv
refused "cannot merge 'all.ffs'" contact -q --inside=198.18.0.0/16 all.ffs --data=x.csv
ff 1 contact -q all.ffs b.txt --data=x.csv # flows were to be told by their types: another network
says err 'all.ffs'
refused "'a.txt' is no flowfig state" merge -q all.ffs a.txt -o x.ffs

# damage: each is refused by name and place, and leaves no output
size=$(wc -c <all.ffs)
for at in 9 20 200 $((size / 2)) $((size - 3)); do
	{
		head -c "$at" all.ffs
		printf '\252\125'
		tail -c +$((at + 3)) all.ffs
	} >bad.ffs
	cmp -s all.ffs bad.ffs && continue
	refused "'bad.ffs'" contact -q bad.ffs --data=x.csv
	refused "'bad.ffs'" merge -q bad.ffs -o x.ffs
done
for length in 8 11 100 $((size - 1)) $((size - 12)); do
	head -c "$length" all.ffs >bad.ffs
	refused "'bad.ffs'" contact -q bad.ffs --data=x.csv
done
{ cat all.ffs; echo; } >bad.ffs
"$FLOWFIG" contact -q bad.ffs --data=x.csv 2>err
got=$?
[ $got -eq 1 ] || fail "bytes after the end of a state: status $got"
cat a.ffs b.ffs >ab.ffs
refused "bytes after the end" contact -q ab.ffs --data=x.csv
gzip -c all.ffs >all.ffs.gz # compressed states are states
ff 0 contact -q all.ffs.gz --data=got.csv
same want.csv got.csv
finish
