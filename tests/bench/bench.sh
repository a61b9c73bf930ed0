#!/bin/sh
# make bench - every bench, one after the other, as one Markdown report; see common.sh.
here=$(cd "$(dirname "$0")" && pwd)
status=0
for bench in contact figures readers; do
	echo "## $bench"
	echo
	sh "$here/$bench.sh" || status=1
	echo
done
exit $status
