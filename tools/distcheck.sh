#!/bin/sh
# SPDX-License-Identifier: MIT
# Unpacks what git holds into an empty folder, builds, tests and installs it there.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
git archive --prefix=flowfig/ HEAD | tar -x -C "$dir"
cd "$dir/flowfig"
make check
make install DESTDIR="$dir/root" PREFIX=/usr
"$dir/root/usr/bin/flowfig" --version
