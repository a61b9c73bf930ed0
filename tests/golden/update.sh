#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the golden files anew (make golden-update); look at the diff before you keep it.
set -eu
cd "$(dirname "$0")"
case ${FLOWFIG:=../../out/flowfig} in
/*) ;;
../*) FLOWFIG=$PWD/$FLOWFIG ;;
*) FLOWFIG=$PWD/../../$FLOWFIG ;;
esac
export FLOWFIG TZ=UTC LC_ALL=C
rm -f ./*/*.trace ./*/*.table.csv ./*/*.findings
sh ./draw.sh "$PWD"
