#!/bin/sh
# SPDX-License-Identifier: MIT
# Files are replaced whole or not at all; a disk that is full, a folder that is not there or may not
# be written to: a message that names the file, status 1, nothing left behind.
# shellcheck disable=SC2086 # options are kept as words
. tests/support/cli.sh
make_csv >in.csv
printf 'sip,dip,stime\n192.0.2.1,10.1.0.1,yesterday\n' >bad.csv

# what exists is replaced whole: another file under the name, same permissions, links stay
for kind in png svg pdf; do
	head -c 3000000 /dev/zero >x.$kind
	chmod 640 x.$kind
	ln x.$kind old.$kind
	ff 0 contact -q in.csv -o x.$kind
	[ "$(wc -c <old.$kind)" -eq 3000000 ] || fail "written into the existing $kind"
	[ "$(wc -c <x.$kind)" -lt 1000000 ] || fail "not replaced: $kind"
	case $(ls -l x.$kind) in -rw-r-----*) ;; *) fail "permissions of x.$kind" ;; esac
done
mkdir far
ln -s far/real.csv link.csv
ff 0 contact -q in.csv --data=link.csv
[ -h link.csv ] && [ -s far/real.csv ] || fail "a link was replaced by a file"

# what fails leaves it as it was
echo precious | tee p.png p.svg p.csv p.json p.ffs >/dev/null
ff 1 contact -q bad.csv -o p.png -o p.svg --data=p.csv --findings=p.json
ff 1 aggregate contact -q bad.csv -o p.ffs
ff 1 merge in.csv -o p.ffs
ff 2 contact -q in.csv -o p.png --data=p.csv --title=x --size=0x0mm
ff 2 simulate border --rate=1 -o p.csv
for kind in png svg csv json ffs; do
	[ "$(cat p.$kind)" = precious ] || fail "p.$kind was touched"
done
[ -z "$(find . -name '.?*')" ] || fail "temporary files: $(find . -name '.?*')"

# nobody wants a table over the flows it was made of; a state may grow in place
cp in.csv flows.csv
ln -s flows.csv other.csv
for words in '--data=flows.csv' '--data=other.csv' "--data=$here/flows.csv" '--findings=flows.csv'; do
	ff 2 contact flows.csv $words
	says err 'would replace an input'
done
ff 2 contact . --data=flows.csv
ff 2 aggregate contact flows.csv -o flows.csv
same in.csv flows.csv
ff 0 aggregate contact -q flows.csv -o grow.ffs
ff 0 aggregate contact -q grow.ffs flows.csv -o grow.ffs
ff 0 contact -q grow.ffs --data=other.csv # now not among the inputs
rm flows.csv other.csv

# places that cannot be written to are told before anything is read: the input does not exist
: >file
mkdir x.ffs far.png
for out in nowhere/x.png file/x.png far.png; do
	ff 1 contact missing.csv -o $out
	says err "cannot write '$out'"
done
ff 1 contact missing.csv --data=nowhere/x.csv
says err "cannot write 'nowhere/x.csv': No such file or directory"
ff 1 contact missing.csv --findings=nowhere/x.json
says err "cannot write 'nowhere/x.json'"
ff 1 aggregate contact missing.csv -o x.ffs
says err "cannot write 'x.ffs': Is a directory"
ff 1 merge missing.ffs -o nowhere/x.ffs
says err "cannot write 'nowhere/x.ffs'"
if [ "$(id -u)" != 0 ]; then
	mkdir -m 555 locked
	ff 1 contact in.csv -o locked/x.png
	says err "cannot write 'locked/x.png': Permission denied"
	echo precious >locked.csv
	chmod 444 locked.csv
	ff 1 contact in.csv --data=locked.csv
	[ "$(cat locked.csv)" = precious ] || fail "a read-only file was replaced"
fi

# a full device
if [ -c /dev/full ]; then
	for kind in png svg pdf csv json; do ln -s /dev/full full.$kind; done
	# full(NAME, WORDS...)
	full() {
		name=$1
		shift
		ff 1 "$@"
		says err "cannot write '$name': No space left on device"
	}
	full full.png contact -q in.csv -o full.png
	full full.svg contact -q in.csv -o full.svg
	full full.pdf contact -q in.csv -o full.pdf
	full full.csv contact -q in.csv --data=full.csv
	full full.json contact -q in.csv --findings=full.json
	full /dev/full aggregate contact -q in.csv -o /dev/full
	full full.csv simulate border -q --flows=1000 --days=1 -o full.csv
	for words in help --version 'list fields' 'info in.csv' 'info --count in.csv' \
		'contact -q in.csv --data=-' 'simulate border --flows=1000 --days=1 -o -'; do
		"$FLOWFIG" $words >/dev/full 2>err
		[ $? -eq 1 ] || fail "status for a full standard output: $words"
		grep -q "^flowfig: cannot write '*standard output'*: No space" err || fail "message: $words"
	done
fi

# a full file system, where one can be made
if unshare -rm mount -t tmpfs none /mnt 2>/dev/null; then
	mkdir tiny
	cat >fill.sh <<'END'
mount -t tmpfs -o size=16k none tiny || exit 9
echo precious >tiny/x.png
echo precious >tiny/x.ffs
"$FLOWFIG" contact -q in.csv -o tiny/x.png 2>err; echo $?
"$FLOWFIG" contact -q in.csv -o tiny/y.svg 2>>err; echo $?
"$FLOWFIG" aggregate contact -q in.csv --threads=1 --pairs=port -o tiny/y.ffs 2>>err; echo $?
"$FLOWFIG" simulate border -q --flows=1000 --days=1 -o tiny/y.rw 2>>err; echo $?
cat tiny/x.png tiny/x.ffs
ls -A tiny
END
	unshare -rm sh ./fill.sh >out
	printf '1\n1\n0\n1\nprecious\nprecious\nx.ffs\nx.png\ny.ffs\n' >want
	same want out
	says err "cannot write 'tiny/x.png': No space left on device" \
		"cannot write 'tiny/y.svg'" "cannot write 'tiny/y.rw'"
fi
finish
