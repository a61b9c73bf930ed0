#!/bin/sh
# SPDX-License-Identifier: MIT
# Tables, findings and drawing operations of small inputs, exactly as tests/golden holds them.
. tests/support/cli.sh
golden=$root/tests/golden
mkdir drawn
sh "$golden/draw.sh" "$here/drawn" 2>err || fail "cannot draw the golden cases"
count=0
for want in "$golden"/*/*.trace "$golden"/*/*.table.csv "$golden"/*/*.findings; do
	name=${want#"$golden/"}
	count=$((count + 1))
	cmp -s "$want" "drawn/$name" && continue
	fail "$name differs from tests/golden/$name:"
	diff "$want" "drawn/$name" | head -n 6
done
[ $count -eq "$(find drawn -type f | wc -l)" ] || fail "$count golden files, others were drawn"
[ $count -ge 46 ] || fail "only $count golden files"
finish
