#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual page is sound mdoc, and the messages and numbers it promises are those of the program.
. tests/support/cli.sh
page=$root/src/cli/flowfig.1
if command -v mandoc >/dev/null; then
	mandoc -Tlint -W warning "$page" >out 2>&1 || :
	silent out
	mandoc -Tascii "$page" | sed "s/.$(printf '\b')//g" >text # without overstrikes
	for word in 'EXIT STATUS' 'DIFFERENCES FROM RWFILTER' 'SOURCE_DATE_EPOCH'; do
		grep -q "$word" text || fail "no $word"
	done
fi
# each kind of finding that the program can make is explained
for kind in $(sed -n 's/.*contact_finding([^"]*"\([a-z-]*\)".*/\1/p; s/.*add_region(r, v, "\([a-z-]*\)".*/\1/p' \
	"$root"/src/aggregate/contact_*.c); do
	grep -q "^\.\(It \|\)Li .*\<$kind\>" "$page" || fail "finding '$kind' is not in the manual"
done
# an environment variable that main() reads
for name in $(sed -n 's/.*env_or("\([A-Z_]*\)".*/\1/p' "$root/src/cli/main.c"); do
	grep -q "^\.It Ev $name$" "$page" || fail "variable $name is not in the manual"
done
[ "$(grep -c '^\.It Ev ' "$page")" -eq "$(grep -c 'env_or("' "$root/src/cli/main.c")" ] ||
	fail "variables that are not read"
finish
