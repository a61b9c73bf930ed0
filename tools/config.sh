#!/bin/sh
# SPDX-License-Identifier: MIT
# Finds the libraries and writes make variables. Codecs beyond zlib, libpcap and libmaxminddb are
# optional.
# Usage: CC=gcc LZO=yes config.sh OUTPUT
set -eu
out=$1
: "${CC:=cc}" "${LZO:=yes}"
fail() { echo "flowfig: $1; 'make deps' installs what is missing" >&2; exit 1; }
command -v "$CC" >/dev/null || fail "no C compiler '$CC'"
command -v pkg-config >/dev/null || fail "no pkg-config"
pkgs="zlib libpng cairo pangocairo jansson"
for p in $pkgs; do pkg-config --exists "$p" || fail "the library $p is missing"; done
codecs= libs=
compiles() { # header, library
	printf '#include <stddef.h>\n#include <%s>\nint main(void) { return 0; }\n' "$1" |
		"$CC" ${CPPFLAGS:-} -x c - -o /dev/null "-l$2" 2>/dev/null
}
printf '#define XXH_INLINE_ALL\n#include <xxhash.h>\nint main(void) { return 0; }\n' |
	"$CC" ${CPPFLAGS:-} -x c - -o /dev/null 2>/dev/null || fail "the header xxhash.h is missing"
pkg-config --exists libzstd && { pkgs="$pkgs libzstd"; codecs="$codecs -DFF_HAVE_ZSTD"; }
pkg-config --exists liblz4 && { pkgs="$pkgs liblz4"; codecs="$codecs -DFF_HAVE_LZ4"; }
compiles bzlib.h bz2 && { libs="$libs -lbz2"; codecs="$codecs -DFF_HAVE_BZ2"; }
compiles snappy-c.h snappy && { libs="$libs -lsnappy"; codecs="$codecs -DFF_HAVE_SNAPPY"; }
[ "$LZO" = no ] || ! compiles lzo/lzo1x.h lzo2 ||
	{ libs="$libs -llzo2"; codecs="$codecs -DFF_HAVE_LZO"; }
printf '#define _GNU_SOURCE\n#include <pcap/pcap.h>\n#include <stdio_ext.h>\nint main(void) { return !fopencookie; }\n' |
	"$CC" ${CPPFLAGS:-} -x c - -o /dev/null -lpcap 2>/dev/null &&
	{ libs="$libs -lpcap"; codecs="$codecs -DFF_HAVE_PCAP"; }
pkg-config --exists libmaxminddb && { pkgs="$pkgs libmaxminddb"; codecs="$codecs -DFF_HAVE_MAXMINDDB"; }
mkdir -p "$(dirname "$out")"
cat >"$out.new" <<END
CODECS := $codecs
PKG_CFLAGS := $(pkg-config --cflags $pkgs)
PKG_LIBS := $(pkg-config --libs $pkgs) $libs -lm -lpthread
END
mv "$out.new" "$out"
