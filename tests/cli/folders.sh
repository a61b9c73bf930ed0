#!/bin/sh
# SPDX-License-Identifier: MIT
# Folders as a SiLK repository has them: read recursively in the order of their paths; what is no
# flow file is left out and counted; silk.conf names types and sensors; no file counts twice.
. tests/support/cli.sh

mkdir -p repo/in/2024/04/01 repo/in/2024/04/02 repo/.git
cat >repo/silk.conf <<'END'
version 1
sensor 0 Alpha "the first"
sensor 1 Beta
class all
    sensors Alpha Beta
    type 0 in in
    type 1 out out
    type 2 inweb iw
    type 3 outweb ow
    type 4 innull innull
    type 5 outnull outnull
    type 6 int2int int2int
    type 7 ext2ext ext2ext
    type 8 inicmp inicmp
    type 9 outicmp outicmp
    type 10 other other
    default-types in inweb inicmp
end class
default-class all
END
i=0
for day in 01 02; do
	for hour in 00 01 02; do
		i=$((i + 1))
		"$FLOWFIG" simulate border -q --seed=$i --days=1 --flows=500 \
			--start=2024/04/$day:$hour -o "$i.rw" || fail simulate
		cp $i.rw "repo/in/2024/04/$day/in-S0_202404$day.$hour"
	done
done
gzip "repo/in/2024/04/02/in-S0_20240402.02"
cp 1.rw repo/.git/hidden.rw
cp 1.rw repo/.hidden.rw
echo 'a note' >repo/README
: >repo/in/empty
ff 0 contact -q 1.rw 2.rw 3.rw 4.rw 5.rw 6.rw --data=want.csv

ff 0 contact repo --data=got.csv
same want.csv got.csv
says err '3 files in the folders are no flow files and were left out' \
	"types and sensors are named by" /repo/silk.conf '(3,000 flows)'
for words in repo/ repo/in repo/in/2024/04 'repo/in/2024/04/02 repo/in/2024/04/01' \
	'1.rw repo/in/2024/04/02 2.rw 3.rw'; do
	# shellcheck disable=SC2086 # words
	ff 0 contact -q $words --data=got.csv
	same want.csv got.csv
done
(cd repo/in && "$FLOWFIG" contact -q . --data=../../got.csv)
same want.csv got.csv
# what it holds, from the beginnings of its files
ff 0 info repo
says out 'folder: repo' 'flow files: 6' 'format: silk, 6 files' 'other files: 3' \
	'first file: repo/in/2024/04/01/in-S0_20240401.00' 'last file: repo/in/2024/04/02/in-S0_20240402.02.gz'
# links: into the folder, out of it, and in a circle
ln -s ../in repo/in/loop
ln -s 2024/04/01/in-S0_20240401.00 repo/in/latest
ln -s "$here/repo" linked
ff 0 contact -q linked --data=got.csv
same want.csv got.csv

# provenance holds every file, and the figure says how many there were
ff 0 contact -q repo -o got.png -o got.svg
ff 0 info got.png
says out '"inputs":6' in-S0_20240401.00 in-S0_20240402.02.gz
grep -q '6 files' got.svg || fail "the footer does not say 6 files"

# names: of the site, from the file that belongs to the input or is named
ff 0 info --count repo --type=in,inweb,inicmp
in=$(sed -n 's/^selected: //p' out)
ff 0 info --count repo --class=all
[ "$(sed -n 's/^selected: //p' out)" = "$in" ] || fail "--class alone is its default types"
ff 0 info --count repo --type=all --sensors=Alpha
says out 'selected: 3000'
ff 0 info --count repo --sensors=1
says out 'selected: 0'
ff 2 info --count repo --type=inwards
says err "'inwards'"
ff 2 info --count repo --sensors=Gamma
says err "'Gamma'"
sed 's/Alpha/Omega/' repo/silk.conf >other.conf
ff 0 info --count repo --site-config-file=other.conf --sensors=Omega
says out 'selected: 3000'
sed '5s/.*/    sensor Alpha/' repo/silk.conf >bad.conf
ff 1 info --count repo --site-config-file=bad.conf
says err "'bad.conf'"
# without any site file the names that SiLK ships still hold
ff 0 info --count 1.rw 2.rw --type=in,inweb,inicmp
[ "$(sed -n 's/^selected: //p' out)" -gt 0 ] || fail "no type 'in' without silk.conf"

# text that only its user knows: with its columns named it is read from a folder too
mkdir mine
for hour in 00 01; do
	printf 'who,whom,then\n192.0.2.1,10.0.0.1,2024-04-01T%s:00:00Z\n' $hour >mine/$hour
done
echo 'a note' >mine/README
ff 1 info --count mine
says err "no flow files in folder 'mine'"
ff 0 info --count mine --columns=sip=who,dip=whom,stime=then
says out 'records: 2'
says err '1 files in the folders are no flow files'
ff 1 info --count mine --columns=sip=whom,dip=who,stime=when
says err "no flow files in folder 'mine'" "no column 'when'"

# flows never count twice
ff 2 contact 1.rw 2.rw 1.rw --data=bad.csv
says err "'1.rw' is named twice"
ln 1.rw again.rw
ff 2 info --count 1.rw again.rw
says err "'1.rw' and 'again.rw' are one file"
ff 2 info --count repo repo/in/2024/04/01
says err "is named twice: its flows would count twice"

# one flow file that cannot be read spoils the folder
printf 'sip,dip,stime\n1.2.3.4,10.0.0.1,never\n' >repo/in/bad.csv
ff 1 contact repo --max-bad=0 --data=bad.csv
says err "'repo/in/bad.csv' at line 2"
absent bad.csv
head -c 4000 1.rw | tail -c +9 >bad.rw
{ printf '\336\255\276\357\000\026\020\011' && cat bad.rw; } >repo/bad.rw
ff 0 info repo
says out 'format: csv, 1 file' 'damaged: 1 files, the first: unknown compression 9'
finish
