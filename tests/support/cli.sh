# SPDX-License-Identifier: MIT
# What the command-line tests share; they begin with `. tests/support/cli.sh` at the root of the
# checkout and end with `finish`. Each works in a folder of its own, $FF_TMP/cli-NAME.
# Environment from tests/run.sh: FLOWFIG (the program), FF_TMP, FF_SHARED (may be missing).
# shellcheck shell=sh
set -u
root=$PWD
case ${FF_TMP:=$root/out/tmp} in /*) ;; *) FF_TMP=$root/$FF_TMP ;; esac
case ${FF_SHARED:=../shared} in /*) ;; *) FF_SHARED=$root/$FF_SHARED ;; esac
case ${FLOWFIG:=$root/out/flowfig} in /*) ;; *) FLOWFIG=$root/$FLOWFIG ;; esac
: "${FLOWFIG_PALETTES:=$root/palettes}"
TZ=UTC LC_ALL=C
# a sanitizer's complaint must not look like status 1
ASAN_OPTIONS=exitcode=99:${ASAN_OPTIONS:-}
UBSAN_OPTIONS=exitcode=99:${UBSAN_OPTIONS:-}
export TZ LC_ALL FLOWFIG FLOWFIG_PALETTES ASAN_OPTIONS UBSAN_OPTIONS
unset SOURCE_DATE_EPOCH MAKEFLAGS MAKELEVEL MFLAGS 2>/dev/null || :
here=$FF_TMP/cli-$(basename "$0" .sh)
rm -rf "$here"
mkdir -p "$here"
cd "$here" || exit 1
failures=0

fail() {
	failures=$((failures + 1))
	echo "FAILED: $*"
	sed 's/^/    stderr: /' "$here/err" 2>/dev/null | head -n 5
}
skip() {
	echo "skipped: $*"
	exit 77
}
finish() {
	[ "$failures" -eq 0 ] || exit 1
	rm -rf "$here"
	exit 0
}

# expect STATUS COMMAND...: runs it, with standard output in `out` and standard error in `err`
expect() {
	want=$1
	shift
	"$@" >"$here/out" 2>"$here/err"
	got=$?
	[ $got -eq "$want" ] || fail "status $got, not $want: $*"
}
# ff STATUS WORDS...: the same with flowfig
ff() {
	want=$1
	shift
	expect "$want" "$FLOWFIG" "$@"
}
# says FILE TEXT...: each text stands somewhere in the file
says() {
	file=$1
	shift
	for text; do
		grep -qF -e "$text" "$here/$file" || fail "'$text' is not in $file"
	done
}
says_not() { ! grep -qF -e "$2" "$here/$1" || fail "'$2' is in $1"; }
silent() { [ ! -s "$here/$1" ] || fail "$1 is not empty: $(head -c 200 "$here/$1")"; }
same() { cmp "$1" "$2" >"$here/cmp" 2>&1 || fail "$1 and $2 differ"; }
differ() { ! cmp -s "$1" "$2" || fail "$1 and $2 are the same"; }
# absent NAME...: no such files, and no temporary files of theirs (.NAME.xxxxxx) beside them
absent() {
	for name; do
		for file in "$name" ".$name".*; do
			[ ! -e "$file" ] || fail "'$file' was left behind"
		done
	done
}

# ---- inputs: small, made here ----

# 24 hours of a few strangers who touch 1 to 6 hosts of 10.1.0.0/24; n of them fixed by a formula
make_csv() {
	awk 'BEGIN {
		print "sip,dip,sport,dport,protocol,packets,bytes,flags,stime,duration"
		for (h = 0; h < 24; h++)
			for (s = 1; s <= 9; s++)
				for (d = 1; d <= (h * 7 + s * 5) % 6 + 1; d++)
					printf "192.0.2.%d,10.1.0.%d,%d,443,6,1,40,S,2024-04-01T%02d:%02d:00Z,0\n", \
						s, d, 1024 + s, h, d * 7
	}'
}
# one_record [TIME]
one_record() { printf 'sip,dip,stime\n192.0.2.1,10.1.0.1,%s\n' "${1:-2024-04-01T00:00:00Z}"; }
# what `flowfig simulate` makes: some 3,300 flows of two days, as $1
make_flows() {
	"$FLOWFIG" simulate slow-scan -q --seed=7 --flows=3300 --days=2 --scanners=20 --sweeps=3 \
		--scan-days=0.5 --scan-from=0.2 -o "$1" || fail "cannot simulate $1"
}
