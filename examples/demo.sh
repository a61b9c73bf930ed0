#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes two sets of synthetic flows and draws the example figures from them (make demo).
# Usage: [FLOWFIG=PROGRAM] demo.sh FOLDER
set -eu
out=${1:?usage: demo.sh FOLDER}
flowfig=${FLOWFIG:-out/flowfig}
mkdir -p "$out"

# say and do: the commands are shown as one would type them
run() {
	echo "\$ flowfig $*"
	"$flowfig" "$@"
}
net=198.18.4.0/22

run simulate slow-scan --seed=1 --scale=0.6 -o "$out/slow-scan.rw" --truth="$out/slow-scan.json"
run simulate border --seed=1 --scale=0.4 -o "$out/border.txt" --truth="$out/border.json"

echo
echo "# what do the files hold?"
run info "$out/slow-scan.rw"

echo
echo "# one surface, for paper and for the web, with its table and what was found in it"
run contact --inside=$net "$out/slow-scan.rw" -o "$out/contact.png" -o "$out/contact.svg" \
	-o "$out/contact.pdf" --data="$out/contact.csv" --findings="$out/contact.json"

echo
echo "# counted once, drawn in other ways: a state"
run aggregate contact --inside=$net "$out/slow-scan.rw" -o "$out/slow-scan.ffs"
run contact -q "$out/slow-scan.ffs" --size=slide -o "$out/contact-slide.png"
run contact -q "$out/slow-scan.ffs" --size=slide --theme=dark -o "$out/contact-dark.png"
run contact -q "$out/slow-scan.ffs" --style=ridges -o "$out/contact-ridges.png"
run contact -q "$out/slow-scan.ffs" --size=column -o "$out/contact-column.png"
run contact -q "$out/slow-scan.ffs" --view=map -o "$out/contact-map.png"
run contact -q "$out/slow-scan.ffs" --view=line -o "$out/contact-line.png"

echo
echo "# the border of a small network, in and out, from text"
run contact --inside=$net "$out/border.txt" --view=map -o "$out/border-in.png"
run contact --inside=$net "$out/border.txt" --view=map --direction=out -o "$out/border-out.png"

echo
echo "# who talks to whom, from the whole address space to the hosts of the network"
run bundle --dcidr=$net --right-range=$net "$out/border.txt" -o "$out/bundle.png" -o "$out/bundle.svg"
run bundle -q --dcidr=$net --right-range=$net --view=matrix "$out/border.txt" -o "$out/bundle-matrix.png"

echo
echo "# what the ports of the web server and of the mail server carried"
run netbytes --host=198.18.5.10 --bin=6h "$out/border.txt" -o "$out/netbytes.png"
run netbytes -q --host=198.18.5.25 --bin=6h --view=sheet "$out/border.txt" -o "$out/netbytes-sheet.png"

echo
echo "# which systems are behind the gateway, and which the clients have"
run ephemeral --host=198.18.4.1 "$out/border.txt" -o "$out/ephemeral.png" --data="$out/ephemeral.csv"
run ephemeral -q --host=198.18.6.0/24 "$out/border.txt" -o "$out/ephemeral-hosts.png"

echo
echo "# where a figure came from"
run info "$out/contact.png"
echo
echo "the figures are in $out/:"
ls "$out"/*.png "$out"/*.svg "$out"/*.pdf
