#!/bin/sh
# SPDX-License-Identifier: MIT
# What README.md promises: its recipes run as they stand, in an empty folder; its make targets,
# files and the numbers of its picture are there; so do the demo and the small example.
. tests/support/cli.sh
mkdir bin work
ln -s "$FLOWFIG" bin/flowfig
PATH=$here/bin:$PATH
export PATH

# the blocks after a line <!-- tested -->, in order, as one script
awk '/^<!-- tested -->$/ { want = 1; next }
	/^```sh$/ && want { on = 1; next }
	/^```$/ && on { on = want = 0; print ""; blocks++; next }
	on { print }
	END { if (blocks != 10) exit 1 }' "$root/README.md" >recipes.sh || fail "not ten tested blocks"
[ "$(grep -c '^<!-- tested -->$' "$root/README.md")" -eq "$(grep -c '^```sh$' "$root/README.md")" ] ||
	fail "a block of commands is not tested"
(cd work && sh -eu ../recipes.sh) >out 2>err || fail "a recipe failed: $(tail -n 1 err)"
for file in april.pdf april.csv april.png april.json pulses.png out.svg may.ffs may.png other.png \
	who.pdf who.csv in59.png ports.png server.png https.svg mail.pdf mail.csv gateway.png gateway.json \
	clients.png scanners.rw clients.ndjson; do
	[ -s "work/$file" ] || fail "no $file"
done
says out 'records: ' 'selected: ' bin_start,destinations,sources
selected=$(sed -n 's/^selected: //p' out)
[ "${selected:-0}" -gt 100000 ] || fail "the switches of the recipe select $selected flows"
says work/april.json slow-scanning '20 to 37'
rm -r work

# words that must stay true
sed -n 's/.*\](\([A-Za-z/.]*\)).*/\1/p' "$root/README.md" >links
while read -r link; do [ -e "$root/$link" ] || fail "no file $link"; done <links
for target in deps demo check install; do
	grep -q "^$target:" "$root/Makefile" || fail "no make target $target"
done
for picture in contact bundle netbytes ephemeral; do
	size=$(wc -c <"$root/examples/$picture.png")
	[ "$size" -lt 300000 ] || fail "$picture.png has $size bytes"
done

# the small example is what its command makes
grep -A1 '^    flowfig simulate.*--seed=5' "$root/examples/README.md" | sed 's/^ *//' >small.sh
sh -eu small.sh 2>err || fail "the command of the example"
same flows.txt "$root/examples/flows.txt"
ff 0 contact -q --inside=198.18.4.0/22 flows.txt -o flows.png

# the demo, as make demo runs it
expect 0 sh "$root/examples/demo.sh" demo
for file in contact.png contact.svg contact.pdf contact.csv contact.json contact-slide.png contact-dark.png \
	contact-ridges.png contact-map.png contact-line.png border-in.png border-out.png \
	bundle.png bundle.svg bundle-matrix.png netbytes.png netbytes-sheet.png ephemeral.png \
	ephemeral.csv ephemeral-hosts.png; do
	[ -s "demo/$file" ] || fail "the demo made no $file"
done
says out '$ flowfig contact --inside=198.18.4.0/22'
says demo/contact.json '"kind": "band"'
finish
