#!/bin/sh
# SPDX-License-Identifier: MIT
# Draws every golden case into the folder that is named. Usage: FLOWFIG=PROGRAM draw.sh FOLDER
set -eu
out=$1
cd "$(dirname "$0")/contact"
grep -v '^#' cases | while read -r name input options; do
	for view in surface map line; do
		# shellcheck disable=SC2086 # options are words
		"$FLOWFIG" contact -q "$input" $options --view=$view -o "$out/$name.$view.trace" \
			--data="$out/$name.table.csv" --findings="$out/$name.findings.json"
	done
	# numbers of findings differ in their last digit from one mathematical library to the next
	sed '/^  "numbers": /d' "$out/$name.findings.json" >"$out/$name.findings"
	rm "$out/$name.findings.json"
done
