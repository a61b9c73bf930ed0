#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what flowfig needs to build, draw and test on Debian, and says what it does.
# Usage: deps.sh STAMP - the stamp is touched only when something was installed, or is missing.
set -eu
stamp=$1
packages="gcc libc6-dev pkg-config libcairo2-dev libpango1.0-dev libpng-dev zlib1g-dev
	libzstd-dev liblz4-dev libbz2-dev liblzo2-dev libsnappy-dev libxxhash-dev libjansson-dev
	libpcap-dev libmaxminddb-dev libcmocka-dev fonts-inter fonts-dejavu-core librsvg2-bin
	poppler-utils mandoc gzip"
missing=
for p in $packages; do
	dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null | grep -q '^install ok installed$' ||
		missing="$missing $p"
done
if [ -z "$missing" ]; then
	echo "deps: all packages are installed"
	[ -e "$stamp" ] || { mkdir -p "$(dirname "$stamp")"; : >"$stamp"; }
	exit 0
fi
command -v apt-get >/dev/null || {
	echo "deps: this is no Debian system; install the equivalents of:$missing" >&2
	exit 1
}
sudo=
[ "$(id -u)" = 0 ] || sudo="sudo env DEBIAN_FRONTEND=noninteractive"
export DEBIAN_FRONTEND=noninteractive
echo "deps: apt-get install$missing"
# shellcheck disable=SC2086 # both are lists of words
$sudo apt-get -qq update
# shellcheck disable=SC2086
$sudo apt-get -qq -y --no-install-recommends install $missing </dev/null
mkdir -p "$(dirname "$stamp")"
touch "$stamp"
