#!/bin/sh
# SPDX-License-Identifier: MIT
# The command line: what is asked for goes to standard output, the rest to standard error; a wrong
# word is status 2, is named, and the nearest right one with it; nothing is written then.
. tests/support/cli.sh
make_csv >in.csv

# help and lists: status 0, nothing on standard error
for words in help --help -h 'help contact' 'contact --help' 'contact in.csv -h' 'help simulate' \
	'merge -h' --version -V list 'list kinds' 'list formats' 'list fields' 'list palettes'; do
	# shellcheck disable=SC2086 # words
	ff 0 $words
	silent err
	[ -s out ] || fail "no output: $words"
done
ff 0 help contact
says out --inside= --stime= --bin= --view= --output= 'default 1h' 'surface, map or line'
awk 'length > 80 { exit 1 }' out || fail "help is wider than 80 columns"
ff 0 --version
says out "flowfig $(sed -n 's/^#define FF_VERSION "\(.*\)"/\1/p' "$root/include/flowfig/base.h")" \
	'compression: gzip' 'figures: bundle contact ephemeral netbytes' 'formats: argus csv eve'
ff 0 list formats
for format in argus csv eve ipfix netflow nfdump nfdump-csv pcap rwcut silk vpc zeek; do
	grep -q "^$format  *[A-Za-z]" out || fail "no format $format"
done
ff 0 list palettes
says out batlow viridis cividis
ff 2
says out 'Figures:' 'Commands:'

# wrong(WHAT IT SAYS, WORDS...): status 2, one line on standard error, nothing else
wrong() {
	text=$1
	shift
	ff 2 "$@"
	says err "$text"
	silent out
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line on standard error: $*"
	grep -q '^flowfig: [a-z'"'"'0-9-]' err || fail "not 'flowfig: lower case': $*"
	! grep -q "[^.][.]\$" err || fail "a full stop: $*"
	absent x.png x.csv x.ffs x.txt
}
wrong "'contct'; did you mean 'contact'" contct in.csv
wrong "'megre'; did you mean 'merge'" megre
wrong "'frobnicate'" frobnicate
wrong "'contct'; did you mean 'contact'" help contct
wrong "'contct'; did you mean 'contact'" aggregate contct in.csv -o x.ffs
wrong "'nothing'" list nothing
wrong "'--bim'; did you mean '--bin'" contact in.csv -o x.png --bim=1h
wrong "'--protcol'; did you mean '--protocol'" contact in.csv -o x.png --protcol=6
wrong 'ambiguous' contact in.csv -o x.png --s=1
wrong "'surfce'; did you mean 'surface'" contact in.csv -o x.png --view=surfce
wrong "'sideways'" contact in.csv -o x.png --direction=sideways
wrong "'0h'" contact in.csv -o x.png --bin=0h
wrong "'1parsec'" contact in.csv -o x.png --bin=1parsec
wrong "'pink'" contact in.csv -o x.png --theme=pink
wrong "'big'" contact in.csv -o x.png --size=big
wrong "'1x1mm'" contact in.csv -o x.png --size=1x1mm
wrong "'rainbow'" contact in.csv -o x.png --palette=rainbow
wrong "'Mars'" contact in.csv -o x.png --tz=Mars
wrong "'9999'" contact in.csv -o x.png --dpi=9999
wrong "'5000'" contact in.csv -o x.png --threads=5000
wrong "'much'" contact in.csv -o x.png --max-bad=much
wrong "'lots'" contact in.csv -o x.png --memory=lots
wrong "'foo'" contact in.csv -o x.png --input-format=foo
wrong "'tcp'" contact in.csv -o x.png --protocol=tcp
wrong "'256'" contact in.csv -o x.png --protocol=256
wrong "'9-1'" contact in.csv -o x.png --dport=9-1
wrong "'10.0.0.0/33'" contact in.csv -o x.png --inside=10.0.0.0/33
wrong "'yesterday'" contact in.csv -o x.png --from=yesterday
wrong "'--sport' is given twice" contact in.csv -o x.png --sport=1 --sport=2
wrong 'needs a value' contact in.csv -o x.png --bin
wrong 'no output' contact in.csv
wrong 'no input' contact -o x.png
wrong "'x.jpg'" contact in.csv -o x.jpg
wrong "'x.xls'" contact in.csv --data=x.xls
wrong 'no output' aggregate contact in.csv
wrong 'which kind' aggregate -o x.ffs
wrong 'no input' merge -o x.ffs
wrong 'no output' merge in.csv
wrong 'no input' info
wrong 'no scenario' simulate -o x.txt
wrong "'slowscan'; did you mean 'slow-scan'" simulate slowscan -o x.txt
wrong 'no output' simulate border
wrong "'x.dat'" simulate border -o x.dat
wrong 'exclude' simulate border -o x.txt --flows=1000 --scale=1

# habits: value as the next word, beginnings of names, any order, -- ends options
ff 0 contact --dat x.csv --bin 6h in.csv --quiet
silent err
ff 0 contact -q --data=y.csv --bin=6h -- in.csv
same x.csv y.csv
ff 0 contact -qj1 in.csv --bi=6h --data y.csv
same x.csv y.csv
cp in.csv ./--in.csv
ff 0 contact -q --data=y.csv --bin=6h -- --in.csv
same x.csv y.csv

# notes go to standard error, the table alone to standard output
ff 0 contact in.csv --bin=6h --data=-
same out x.csv
"$FLOWFIG" contact in.csv --bin=6h --data=- >out 2>err
says err 'orientation by private address space'
finish
