#!/bin/sh
# SPDX-License-Identifier: MIT
# Inputs that hold nothing to draw: a message that names the file and says why, status 1, no output.
. tests/support/cli.sh

# refused(WHAT IT SAYS, WORDS...)
refused() {
	text=$1
	shift
	ff 1 contact "$@" -o x.png -o x.svg --data=x.csv --findings=x.json
	says err "$text"
	silent out
	absent x.png x.svg x.csv x.json
}
: >empty
echo 'Once upon a midnight dreary, while I pondered, weak and weary' >prose.txt
printf '\000\001\002\003binary\377' >junk.bin
printf 'sip,dip,stime\n' >title.csv
printf 'a,b,c\n1,2,3\n4,5,6\n' >abc.csv
one_record >one.csv
mkdir folder folder/deep folder/.hidden
echo text >folder/README
cp one.csv folder/.hidden/
refused "'empty' is empty" empty
refused "'/dev/null' is empty" /dev/null
refused "'prose.txt' is no flow file" prose.txt
refused "'junk.bin' is no flow file" junk.bin
refused 'no flows in the input' title.csv
refused 'a, b, c' abc.csv
refused "cannot open 'missing': No such file or directory" missing
refused "no flow files in folder 'folder'" folder
refused "cannot open 'missing'" one.csv missing
refused 'none goes between inside and outside' --inside=203.0.113.0/24 one.csv
refused "of 0 selected flows none" --from=2025/01/01 one.csv
refused "'--protocol' needs the field protocol" --protocol=6 one.csv
says err "'one.csv'" csv
refused "cannot open 'no.set'" --sipset=no.set one.csv
refused "cannot open 'no.set'" --inside=no.set one.csv
refused "cannot open 'no.conf'" --site-config-file=no.conf one.csv
refused "'one.csv' is no SiLK file" --input-format=silk one.csv
"$FLOWFIG" contact - -o x.png </dev/null >out 2>err
[ $? -eq 1 ] || fail "empty standard input"
says err "'standard input' is empty"
if [ "$(id -u)" != 0 ]; then
	cp one.csv secret.csv
	chmod 0 secret.csv
	refused "cannot open 'secret.csv': Permission denied" secret.csv
fi
ff 1 info missing one.csv
says err "'missing'"
says out 'file: one.csv' # the others are still told

# one record: a table of one row, and every view of it
ff 0 contact -q one.csv --data=-
[ "$(tail -n +2 out)" = 2024-04-01T00:00:00Z,1,1 ] || fail "one record"
for view in surface map line; do
	ff 0 contact -q one.csv --view=$view -o one.png -o one.svg -o one.pdf --data=one.tsv.csv
done

# all records in one bin, and one bin for everything
make_csv | awk -F, 'NR == 1 || $9 ~ /T03/' >hour.csv
ff 0 contact -q hour.csv --data=hour.out.csv -o hour.png
[ "$(cut -d, -f1 hour.out.csv | sort -u | wc -l)" -eq 2 ] || fail "not one bin"
ff 0 contact -q hour.csv --bin=all --data=all.csv -o all.png --view=map
cut -d, -f2,3 hour.out.csv >a
cut -d, -f2,3 all.csv >b
same a b

# 20 years: 5-minute bins are refused before memory is spent, longer ones are drawn
{
	one_record 2004-01-01
	printf '192.0.2.1,10.1.0.1,%s\n' 2014-06-01T12:00:00Z 2023-12-31T23:59:59Z
} >years.csv
refused 'bins of 5m, more than 1,000,000' --bin=5m years.csv
says err 2004-01-01 2023-12-31 --bin
ff 0 contact -q years.csv --bin=1mo -o years.png --data=-
[ "$(wc -l <out)" -eq 4 ] || fail "20 years of months"
ff 0 contact -q years.csv --bin=1h -o years.png

# the ends of time: no overflow, a message or a picture
{
	one_record 1678-01-01
	printf '192.0.2.1,10.1.0.1,2261-12-31\n'
} >eternity.csv
for bin in 1ns 1ms 1s 1d 3660d 1mo all; do
	refused 'hundred years' --bin=$bin eternity.csv
	for select in --to=1700 --from=2200 --from=1000000000; do
		"$FLOWFIG" contact -q eternity.csv --bin=$bin $select -o eternity.png >out 2>err
		[ $? -le 2 ] || fail "eternity in bins of $bin, $select"
	done
done
for year in 1677-09-22 1700-01-01 1702-01-01 1969-12-31T23:59:59.999999999 2237-12-31 2262-04-11; do
	one_record $year >year.csv
	for bin in 1us 1h 3660d 1mo all; do
		for view in surface map line; do
			"$FLOWFIG" contact -q year.csv --bin=$bin --view=$view -o year.trace >out 2>err
			[ $? -le 1 ] || fail "$year in bins of $bin, $view"
		done
	done
done
ff 2 contact one.csv --bin=3661d -o x.png
says err 'at most 3660d'
finish
