#!/bin/sh
# SPDX-License-Identifier: MIT
# make install and uninstall; the installed headers, pkg-config file, static and shared library serve
# a small C program of a user.
. tests/support/cli.sh
[ "${O:-}" = out/release ] || skip "it installs the release build"
command -v pkg-config >/dev/null || skip "no pkg-config"
: "${CC:=cc}"
prefix=$(sed -n 's/^prefix=//p' "$root/out/flowfig.pc")
make -s -C "$root" install "CC=$CC" "PREFIX=$prefix" "DESTDIR=$here/root" >out 2>err || fail "make install"
at=$here/root$prefix
version=$(sed -n 's/^#define FF_VERSION "\(.*\)"/\1/p' "$root/include/flowfig/base.h")

for file in bin/flowfig lib/libflowfig.a "lib/libflowfig.so.$version" lib/pkgconfig/flowfig.pc \
	include/flowfig/base.h include/flowfig/flowfig.h share/man/man1/flowfig.1 \
	share/flowfig/palettes/viridis.gpl; do
	[ -f "$at/$file" ] || fail "not installed: $file"
done
expect 0 "$at/bin/flowfig" --version
says out "flowfig $version"
FLOWFIG_PALETTES=$at/share/flowfig/palettes expect 0 "$at/bin/flowfig" list palettes
says out viridis
strings "$at/bin/flowfig" 2>/dev/null | grep -q "^$prefix/share/flowfig/palettes$" ||
	! command -v strings >/dev/null || fail "the program looks for palettes elsewhere"

# soname, links, exported names
[ "$(readlink "$at/lib/libflowfig.so")" = libflowfig.so.0 ] || fail "link libflowfig.so"
[ "$(readlink "$at/lib/libflowfig.so.0")" = "libflowfig.so.$version" ] || fail "link libflowfig.so.0"
if command -v readelf >/dev/null; then
	readelf -d "$at/lib/libflowfig.so" | grep -q 'SONAME.*\[libflowfig.so.0\]' || fail soname
	readelf --dyn-syms -W "$at/lib/libflowfig.so" |
		awk '$5 == "GLOBAL" && $7 != "UND" && $8 !~ /^ff_/ { print $8 }' >names
	[ ! -s names ] || fail "exported: $(head -n 3 names)"
fi

cat >user.c <<'END'
#include <flowfig/flowfig.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct ff_err err = {0};
	struct ff_site *site = NULL;
	struct ff_input_opts opts = {0};
	struct ff_source *source = NULL;
	struct ff_lane lane = {0};
	struct ff_batch batch = {0};
	unsigned long flows = 0;
	int n = argc == 2 ? FF_OK : FF_EUSAGE;

	if (n == FF_OK && (n = ff_site_new(&site, &err)) == FF_OK) {
		opts.site = site;
		n = ff_source_open(&source, argv[1], &opts, &err);
	}
	if (n == FF_OK)
		n = ff_batch_init(&batch, FF_BATCH_FLOWS, &err);
	while (n >= 0 && (n = ff_source_next(source, &lane, &batch, &err)) > 0)
		flows += (unsigned long)n;
	if (n < 0)
		fprintf(stderr, "%s\n", err.text);
	else
		printf("%lu\n", flows);
	ff_batch_release(&batch);
	ff_lane_release(&lane);
	ff_source_close(source);
	ff_site_free(site);
	return n < 0;
}
END
make_csv >in.csv
lines=$(tail -n +2 in.csv | wc -l)
PKG_CONFIG_PATH=$at/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$here/root
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
[ "$(pkg-config --modversion flowfig)" = "$version" ] || fail "version in flowfig.pc"
cflags=$(pkg-config --cflags flowfig) libs=$(pkg-config --libs flowfig)
# shellcheck disable=SC2086 # words
expect 0 $CC -std=c99 -Wall -Wextra -pedantic -Werror $cflags user.c -o shared $libs
LD_LIBRARY_PATH=$at/lib expect 0 ./shared in.csv
[ "$(cat out)" -eq "$lines" ] || fail "the shared library read $(cat out) of $lines flows"
LD_LIBRARY_PATH=$at/lib expect 1 ./shared missing.csv
says err "cannot open 'missing.csv'"
# the static library alone; the libraries it needs in turn come from the system
unset PKG_CONFIG_SYSROOT_DIR
static=$(pkg-config --static --libs flowfig | sed 's/-L[^ ]*//; s/-lflowfig//')
# shellcheck disable=SC2086 # words
expect 0 $CC -std=c99 $cflags user.c "$at/lib/libflowfig.a" -o static $static
expect 0 ./static in.csv
[ "$(cat out)" -eq "$lines" ] || fail "the static library read $(cat out) of $lines flows"

make -s -C "$root" uninstall "PREFIX=$prefix" "DESTDIR=$here/root" >out 2>err || fail "make uninstall"
[ -z "$(find root -type f -o -type l)" ] || fail "left after uninstall: $(find root -type f -o -type l)"
finish
