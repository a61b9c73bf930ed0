#!/bin/sh
# fuzz.sh SECONDS [TARGET...] - fuzzes every target (or those named) for that long each, under ASan
# and UBSan: with libFuzzer where clang has it (libclang-rt-14-dev in Debian 12), else with
# driver.c. New inputs gather in out/fuzz/corpus, inputs that fail in out/fuzz/TARGET-*.
# Run from the root of the tree. Environment: CLANG (clang).
set -eu
seconds=${1:-60}
[ $# -eq 0 ] || shift
clang=${CLANG:-clang}
o=${FUZZ_OUT:-out/fuzz}
mkdir -p "$o/tmp"
FF_TMP=$(cd "$o/tmp" && pwd)
export FF_TMP
export LSAN_OPTIONS="suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0"
export ASAN_OPTIONS=allocator_may_return_null=1
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.c | sed 's/.*fuzz_\(.*\)\.c/\1/')

echo 'int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n);
int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { return d && n > 9 ? 0 : 0; }' >"$o/try.c"
if "$clang" -fsanitize=fuzzer,address "$o/try.c" -o "$o/try" 2>/dev/null; then
	make --no-print-directory BUILD=asan CC="$clang" O="$o" CFLAGS=-fsanitize=fuzzer-no-link \
		"$o/libflowfig.a" >/dev/null
	flags=$(sed -n 's/^CODECS *:= *//p; s/^PKG_CFLAGS *:= *//p' "$o/config.mk")
	libs=$(sed -n 's/^PKG_LIBS *:= *//p' "$o/config.mk")
	for t; do
		"$clang" -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -g -O1 \
			-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Iinclude -Isrc \
			-Itests $flags "tests/fuzz/fuzz_$t.c" "$o/libflowfig.a" $libs -o "$o/fuzz_$t"
	done
else
	echo "fuzz: no libFuzzer here: using the plain driver"
	make --no-print-directory BUILD=asan O="$o" $(printf "$o/tests/fuzz/fuzz_%s " "$@") >/dev/null
fi
failed=0
for t; do
	echo "fuzz: $t, $seconds s"
	mkdir -p "$o/corpus/$t"
	if [ -x "$o/fuzz_$t" ]; then
		"$o/fuzz_$t" -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=2048 \
			-print_final_stats=1 -artifact_prefix="$o/$t-" "$o/corpus/$t" \
			"tests/fuzz/corpus/$t" >"$o/$t.log" 2>&1 || {
			failed=1
			tail -n 40 "$o/$t.log"
		}
		grep -E 'number_of_executed|peak_rss' "$o/$t.log" || :
	else
		"$o/tests/fuzz/fuzz_$t" "tests/fuzz/corpus/$t" "$seconds" || failed=1
	fi
done
exit $failed
