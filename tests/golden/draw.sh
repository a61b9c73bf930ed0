#!/bin/sh
# SPDX-License-Identifier: MIT
# Draws every golden case into a folder for its kind below the one that is named.
# Usage: FLOWFIG=PROGRAM draw.sh FOLDER
set -eu
out=$1
cd "$(dirname "$0")"
for folder in */; do
	kind=${folder%/}
	mkdir -p "$out/$kind"
	grep -v '^#' "$kind/cases" | while read -r name input options; do
		for view in $(cat "$kind/views"); do
			# a word is a view, OPTION=WORD another option
			case $view in *=*) option=--$view ;; *) option=--view=$view ;; esac
			# shellcheck disable=SC2086 # options are words
			(cd "$kind" && "$FLOWFIG" "$kind" -q "$input" $options "$option" \
				-o "$out/$kind/$name.${view#*=}.trace" --data="$out/$kind/$name.table.csv" \
				--findings="$out/$kind/$name.findings.json")
		done
		# numbers of findings differ in their last digit from one mathematical library to the next
		sed '/^  "numbers": /d' "$out/$kind/$name.findings.json" >"$out/$kind/$name.findings"
		rm "$out/$kind/$name.findings.json"
	done
done
