#!/bin/sh
# SPDX-License-Identifier: MIT
# The same flows by any way in: file or pipe, compressed or not, text or SiLK, alone or in parts.
. tests/support/cli.sh
for kind in rw txt csv; do make_flows flows.$kind; done
ff 0 contact -q flows.rw --data=want.csv

# way(WORDS...): standard input is `in`
way() {
	"$FLOWFIG" contact -q "$@" --data=got.csv <in >out 2>err || fail "status $?: $*"
	same want.csv got.csv
	rm -f got.csv
}
for kind in rw txt csv; do
	: >in
	way flows.$kind
	cp flows.$kind in
	way -
	"$FLOWFIG" contact -q - --data=got.csv <flows.$kind 2>err || fail "standard input"
	for codec in gzip bzip2 zstd lz4; do
		command -v $codec >/dev/null || continue
		"$FLOWFIG" --version | grep -q "compression:.*$(echo $codec | sed 's/bzip2/bz2/')" || continue
		$codec -c <flows.$kind >flows.$kind.$codec 2>/dev/null
		: >in
		way flows.$kind.$codec
		cp flows.$kind.$codec in
		way -
	done
	# a pipe, in small pieces and from members put one behind the other
	dd if=flows.$kind bs=1000 2>/dev/null | "$FLOWFIG" contact -q - --data=got.csv 2>err
	same want.csv got.csv
done
{
	head -n 1000 flows.csv | gzip -c
	tail -n +1001 flows.csv | gzip -c
} >in
way -

# a named pipe is read once, from its first byte
if mkfifo pipe 2>/dev/null; then
	cat flows.rw >pipe &
	: >in
	way pipe
	wait
fi

# in parts, of different formats, in any order
head -n 1200 flows.csv >part1.csv
{
	head -n 1 flows.txt
	tail -n +1201 flows.txt
} >part2.txt
: >in
way part1.csv part2.txt
way part2.txt part1.csv
gzip part1.csv
cp part2.txt in
way part1.csv.gz -
way - part1.csv.gz

# columns by other names, in another order, without a title line
awk -F, -v OFS=';' 'NR == 1 { print "when;from where;to where" } NR > 1 { print $9, $1, $2 }' \
	flows.csv >other.csv
ff 1 contact -q other.csv --data=x.csv
says err --columns= 'when, from where, to where'
inside='--inside=198.18.4.0/22'
: >in
way $inside "--columns=stime=when,sip=from where,dip=to where" other.csv
tail -n +2 other.csv >bare.csv
way $inside --columns=stime,sip,dip bare.csv
sed 's/;/ /g' bare.csv >blank.txt
way $inside --columns=stime,sip,dip --delimiter=space --input-format=csv blank.txt
finish
