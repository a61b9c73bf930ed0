#!/bin/sh
# SPDX-License-Identifier: MIT
# The same command gives the same bytes: again, with any number of threads, from any order of records
# and files, with any memory; the clock and the folder do not matter.
# shellcheck disable=SC2086 # options are kept as words
. tests/support/cli.sh
make_flows flows.rw
make_flows flows.csv
mkdir scratch
all='-o f.png -o f.svg -o f.pdf -o f.trace --data=f.csv --data=f.json --data=f.md --data=f.tex --findings=g.json'
keep() { # NAME: moves what was drawn there
	mkdir "$1" && mv f.* g.json "$1"/
}
agree() { # NAME FILE...
	one=$1
	shift
	for file; do same first/$file "$one/$file"; done
}
files='f.png f.svg f.pdf f.trace f.csv f.json f.md f.tex g.json'

ff 0 contact -q flows.rw $all
keep first
ff 0 contact -q flows.rw $all
keep again
agree again $files
sleep 1.1 # a clock reading of a second would show
(cd scratch && cp ../flows.rw . && "$FLOWFIG" contact -q flows.rw $all && mv f.* g.json ..)
keep elsewhere
agree elsewhere $files

for threads in 1 2 3 4; do
	ff 0 contact -q flows.rw --threads=$threads $all
	mkdir t$threads && mv f.* g.json t$threads/
	# the command is part of provenance; the drawing and the numbers are not
	agree t$threads f.trace f.csv f.json f.md f.tex g.json
	ff 0 aggregate contact -q flows.rw --threads=$threads -o t$threads.ffs
	same t1.ffs t$threads.ffs
done
# records in another order, files in another order, less memory
{ head -n 1 flows.csv; tail -n +2 flows.csv | sort -t, -k2; } >sorted.csv
{ head -n 1 flows.csv; tail -n +2 flows.csv | sort -r; } >reverse.csv
differ sorted.csv reverse.csv
for input in flows.csv sorted.csv reverse.csv; do
	ff 0 contact -q "$input" --data=f.csv --findings=g.json
	agree . f.csv g.json
done
TMPDIR=$here/scratch ff 0 contact -q flows.rw --memory=2k --data=f.csv --findings=g.json -o f.trace
agree . f.csv g.json

# every view and style, in every format
for words in --view=map --view=line --style=ridges --density --theme=dark --size=slide --size=column; do
	for round in 1 2; do
		ff 0 contact -q flows.rw $words -o f.png -o f.svg -o f.pdf
		for kind in png svg pdf; do mv f.$kind $round.$kind; done
	done
	for kind in png svg pdf; do
		same 1.$kind 2.$kind
		differ 1.$kind first/f.$kind
	done
done
finish
