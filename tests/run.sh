#!/bin/sh
# Runs unit tests, fuzz corpora and command-line tests; ends with "N passed, N failed".
# A unit binary counts each of its cases, anything else counts as one.
# Environment: O (build tree), BUILD. Logs are kept in $O/log, shown when a test fails.
set -u
TZ=UTC LC_ALL=C
case $O in /*) tree=$O ;; *) tree=$PWD/$O ;; esac
FF_TMP=$tree/tmp
FF_SHARED=${FF_SHARED:-../shared}
FLOWFIG=$tree/flowfig
FLOWFIG_PALETTES=$PWD/palettes
export TZ LC_ALL FF_TMP FF_SHARED FLOWFIG FLOWFIG_PALETTES CC
# leaks of fontconfig's and pango's caches, and of libmaxminddb, are theirs
export LSAN_OPTIONS="suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0"
rm -rf "$FF_TMP" "$O/log"
mkdir -p "$FF_TMP" "$O/log"
passed=0 failed=0 skipped=0
number() { sed -n "s/^\[  $1 *\] \([0-9]*\) test.*/\1/p" "$2" | head -n 1; }
for t in "$@"; do
	name=$(basename "$t")
	log=$O/log/$name.log
	case $t in
	*.sh) sh "$t" >"$log" 2>&1 ;;
	*/fuzz_*) "$t" "tests/fuzz/corpus/${name#fuzz_}" >"$log" 2>&1 ;;
	*) "$t" >"$log" 2>&1 ;;
	esac
	status=$?
	case $t in
	*/test_*)
		p=$(number PASSED "$log") f=$(number FAILED "$log") s=$(number SKIPPED "$log")
		[ $status -eq 0 ] || [ "${f:-0}" -gt 0 ] || f=1
		passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
		skipped=$((skipped + ${s:-0}))
		;;
	*)
		if [ $status -eq 0 ]; then passed=$((passed + 1))
		elif [ $status -eq 77 ]; then skipped=$((skipped + 1))
		else failed=$((failed + 1)); fi
		;;
	esac
	if [ $status -ne 0 ] && [ $status -ne 77 ]; then
		echo "FAILED $name ($status):"
		grep -v '^\[\( RUN      \|       OK \)' "$log" | tail -n 30
	fi
done
echo "$BUILD: $skipped skipped"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
