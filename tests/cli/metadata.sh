#!/bin/sh
# SPDX-License-Identifier: MIT
# What a figure file carries: size and resolution, title, description, provenance; and that
# `flowfig info` gives them back from each format.
. tests/support/cli.sh
make_flows 'fl öws.rw'
ff 0 contact -q --inside=198.18.4.0/22 'fl öws.rw' -o f.png -o f.svg -o f.pdf --findings=f.json \
	--marking=TLP:AMBER
flowfig_version=$(sed -n 's/^#define FF_VERSION "\(.*\)"/\1/p' "$root/include/flowfig/base.h")
for kind in png svg pdf; do
	ff 0 info f.$kind
	says out "file: f.$kind" 'title: ' 'description: Contact surface' 'n, 1 to' \
		"\"flowfig\":\"$flowfig_version\"" '"inside":"198.18.4.0/22"' '"flows_read":3300' \
		'"inbound":3300' '"name":"fl öws.rw","format":"silk","records":3300' \
		'"digest":"xxh3-tree:' "flowfig contact -q --inside=198.18.4.0/22 'fl öws.rw' -o f.png"
	sed -n '/^title: /p; /^description: /p; /^provenance: /p' out >$kind.info
done
same png.info svg.info
same png.info pdf.info

# PNG: signature, IHDR 2118 x 1320, pHYs 300 dpi = 11811 a metre, text chunks
[ "$(od -An -tx1 -N8 f.png | tr -d ' ')" = 89504e470d0a1a0a ] || fail "PNG signature"
[ "$(od -An -tx1 -j16 -N8 f.png | tr -d ' ')" = 0000084600000528 ] || fail "PNG size"
od -An -v -tx1 f.png | tr -d ' \n' >hex
grep -q 7048597300002e2300002e2301 hex || fail "no pHYs of 11811 pixels a metre"
grep -q 49454e44ae426082$ hex || fail "the PNG does not end with IEND"
grep -aq 'Title' f.png && grep -aq 'Description' f.png || fail "no title or description chunk"
# SVG: root with role and title, description, metadata
says f.svg '<svg' 'role="img"' '<title' '<desc' '<metadata' '</svg>' TLP:AMBER
says_not f.svg '<image' # text and marks are vectors
if command -v xmllint >/dev/null; then xmllint --noout f.svg || fail "no XML"; fi
# PDF
[ "$(head -c 5 f.pdf)" = %PDF- ] || fail "PDF header"
tail -c 10 f.pdf | grep -aq '%%EOF' || fail "PDF end"
if command -v pdfinfo >/dev/null; then
	expect 0 pdfinfo f.pdf
	says out 'Title:' 'Pages:           1' '508.32 x'
fi

# SOURCE_DATE_EPOCH is the date of creation; without it the start of the last flow
ff 0 contact -q 'fl öws.rw' -o a.pdf -o a.png
SOURCE_DATE_EPOCH=1000000000 "$FLOWFIG" contact -q 'fl öws.rw' -o b.pdf -o b.png
SOURCE_DATE_EPOCH=nonsense "$FLOWFIG" contact -q 'fl öws.rw' -o c.pdf -o c.png
if command -v pdfinfo >/dev/null; then
	pdfinfo b.pdf | grep -q 'CreationDate:.*Sep *9 .*2001' || fail "SOURCE_DATE_EPOCH"
	pdfinfo a.pdf | grep -q 'CreationDate:.*2024' || fail "date of the data"
fi

# sizes and resolutions
# pixels(WIDTH HEIGHT, WORDS...)
pixels() {
	size=$1
	shift
	ff 0 contact -q 'fl öws.rw' "$@" -o p.png
	ff 0 info p.png
	says out "size: $size"
}
pixels '2118 x 1320 px, 300 dpi'
pixels '1059 x 660 px, 150 dpi' --dpi=150
pixels '1050 x 982 px, 300 dpi' --size=column
pixels '1920 x 1080 px, 144 dpi' --size=slide
pixels '800 x 500 px' --size=800x500px
pixels '2008 x 1181 px, 300 dpi' --size=170x100mm
pixels '1600 x 1200 px, 200 dpi' --size=8x6in --dpi=200

# words of the user's own
ff 0 contact -q 'fl öws.rw' --title='A "title" <b>&</b> \ ünïcode' --subtitle= --source=Nobody -o t.png \
	-o t.svg -o t.pdf
for kind in png svg pdf; do
	ff 0 info t.$kind
	says out 'title: A "title" <b>&</b> \ ünïcode'
done
ff 0 contact -q 'fl öws.rw' --title= -o t.png
ff 0 info t.png
says out 'title: '

# what is no figure of ours
printf '\211PNG\r\n\032\n' >broken.png
ff 1 info broken.png
says err "'broken.png'"
echo '<svg xmlns="http://www.w3.org/2000/svg"/>' >foreign.svg
ff 1 info foreign.svg
says err "'foreign.svg'"
finish
