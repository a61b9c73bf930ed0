#!/bin/sh
# SPDX-License-Identifier: MIT
# Files of nfcapd: from a file, a pipe, compressed, in a folder; what info tells; damage; and, where
# nfdump is installed, files that it writes itself, in each of its compressions, and what it prints
# of them.
. tests/support/cli.sh
data=$root/tests/data/nfdump
cp "$data/layout1" "$data/layout2" .

for f in layout1 layout2; do
	ff 0 info $f
	says out 'format: nfdump' 'blocks: 2' 'flows: 7' 'first: 2024-01-06T13:00:00.123Z'
	for threads in 1 3; do
		ff 0 info --count --threads=$threads $f
		says out 'records: 4'
	done
	gzip -c $f >$f.gz
	ff 0 info --count $f.gz
	says out 'records: 4'
	ff 0 info --count - <$f
	says out 'records: 4'
	ff 0 bundle -q $f --data=plain.csv
	ff 0 bundle -q - --data=pipe.csv <$f
	same plain.csv pipe.csv
done
mkdir folder
cp layout1 layout2 folder/
echo text >folder/README
ff 0 info --count folder
says out 'records: 8'
ff 0 info layout1
says out 'layout 1 (nfdump 1.6), not compressed' 'ident: here'
ff 0 info layout2
says out 'layout 2 (nfdump 1.7.3, nfcapd), not compressed' 'ident: there'

# the sampler of layout 2 counts for the first flow and its answer, not for the one that is marked
ff 0 netbytes -q --host=10.0.0.1 --data=as-is.csv layout2
ff 0 netbytes -q --host=10.0.0.1 --data=scaled.csv --scale-sampling layout2
awk -F, 'NR == 2 { b = $NF } END { exit b != 280 }' as-is.csv || fail "not 280 bytes: $(cat as-is.csv)"
awk -F, 'NR == 2 { b = $NF } END { exit b != 28000 }' scaled.csv || fail "not 28000 bytes: $(cat scaled.csv)"

# damage: whole blocks are read, and what is lost is told
head -c 400 layout2 >cut
ff 3 info --count --max-bad=9 cut
says out 'records: 2'
says err "block cut short" "'cut' at byte"
head -c 30 layout2 >head
ff 1 info --count head
says err "'head' ends within its nfcapd header"
printf '\014\245\003\000' >new
ff 1 info new
says err "layout 3 (nfdump 1.8)"
printf '\245\014\000\001' >big
ff 1 info big
says err "big-endian"

command -v nfdump >/dev/null || finish
nfdump=$(nfdump -V 2>&1)
case $nfdump in *1.7.1*) ;; *) finish ;; esac
# compare FILE: the flows of the file and those of the csv that nfdump prints of it
compare() {
	TZ=UTC nfdump -q -r "$1" -o csv >printed.csv 2>/dev/null
	ff 0 bundle -q --measure=bytes "$1" --data=ours.csv
	ff 0 bundle -q --measure=bytes printed.csv --data=theirs.csv
	same ours.csv theirs.csv
}
compare layout2
[ -d "$FF_SHARED/data" ] || finish
for f in nfdump-chrispassas/nfcapd.sample nfdump-chrispassas/nfcapd-small-lzo \
	slips/test1-malicious.nfdump nfdump/v2-export-none; do
	compare "$FF_SHARED/data/$f"
	for method in -z -j -y; do
		nfdump -r "$FF_SHARED/data/$f" $method -w made >/dev/null 2>&1 || continue
		compare made
	done
done
finish
