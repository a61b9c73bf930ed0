# common.sh - what the benches share: data, peers, running and timing. Sourced with the folder of the
# bench in $here; leaves the shell in the data folder.
#
# The data (4 GB) is made once and kept in $FLOWFIG_BENCH_DIR. Every round of a bench runs every
# pipeline once, as whole processes on files in the page cache, so that a noisy minute hits all
# alike; the report, in Markdown on standard output, gives medians. A pipeline whose table differs
# from flowfig's ends the bench with status 1; a peer that is not installed is left out with a word.
#
# Environment: FLOWFIG (out/flowfig), FLOWFIG_BENCH_DIR, FLOWFIG_BENCH_RUNS (5),
# FLOWFIG_BENCH_FLOWS (10000000), PYTHON (a python3 with numpy and matplotlib), CC.
set -eu
ff=$(cd "$(dirname "${FLOWFIG:-out/flowfig}")" && pwd)/flowfig
dir=${FLOWFIG_BENCH_DIR:-${TMPDIR:-/tmp}/flowfig-bench}
runs=${FLOWFIG_BENCH_RUNS:-5}
flows=${FLOWFIG_BENCH_FLOWS:-10000000}
export LC_ALL=C TZ=UTC DUCKDB="$dir/npm"

say() { echo "bench: $*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# ---- data ----
[ -x "$ff" ] || die "no '$ff': build first"
mkdir -p "$dir/out" "$dir/times"
cd "$dir"
# bytes a flow: 4 SiLK files, raw, CSV, nfcapd, Parquet, and room for the scratch file of a spill
need=$((flows / 1024 * (4 * 52 + 32 + 70 + 76 + 25 + 16)))
free=$(df -Pk . | awk 'NR == 2 { print $4 }')
made=$(cat made 2>/dev/null || echo none)
key="$flows $(cat "$here"/flows*.[ch] | cksum)"
if [ "$made" != "$key" ]; then
	rm -f made flows.* shuffled.rw distinct.rw gateway.rw
	free=$(df -Pk . | awk 'NR == 2 { print $4 }')
	[ "$free" -gt "$need" ] ||
		die "'$dir' has $((free / 1024)) MiB free, the data takes $((need / 1024)) MiB; set FLOWFIG_BENCH_DIR"
fi
for program in floor measure; do
	${CC:-cc} -O2 -std=c11 -o $program "$here/$program.c"
done
if [ "$made" != "$key" ]; then
	say "making the data in '$dir'"
	${CC:-cc} -O2 -std=c11 -o flows "$here/flows.c" "$here/flows_write.c" -lm
	./flows "$flows" .
	./flows --distinct "$flows" .
	./flows --gateway "$flows" .
	echo "$key" >made
fi

# ---- peers that are here ----
numpy=yes matplotlib=yes duckdb=yes nfdump=yes silk=yes
PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import numpy' 2>/dev/null || PYTHON=/usr/bin/python3 # Debian's, if another comes first
export PYTHON
"$PYTHON" -c 'import matplotlib' 2>/dev/null ||
	{ matplotlib=; say "matplotlib is not installed: left out"; }
"$PYTHON" -c 'import numpy' 2>/dev/null || { numpy=; say "numpy is not installed: left out"; }
have nfdump && have mawk || { nfdump=; say "nfdump or mawk is not installed: left out"; }
have rwuniq && have mawk || { silk=; say "SiLK is not installed: left out"; }
if ! have node; then
	duckdb=
elif [ ! -d npm/node_modules/@duckdb/node-api ]; then
	duckdb=
	if have npm; then
		mkdir -p npm
		npm install --prefix npm --no-audit --no-fund --silent @duckdb/node-api >&2 &&
			duckdb=yes || rm -rf npm
	fi
fi
[ -n "$duckdb" ] || say "DuckDB (node package @duckdb/node-api) is not installed: left out"
have gnuplot || {
	numpy= matplotlib= duckdb= nfdump= silk=
	say "gnuplot is not installed: all peers left out"
}
if [ -n "$duckdb" ] && [ ! -f flows.parquet ]; then
	say "loading the CSV into Parquet (not timed)"
	sh "$here/peers/contact_duckdb.sh" --load flows.csv flows.parquet.tmp && mv flows.parquet.tmp flows.parquet
fi

# ---- pipelines ----
# run NAME COMMAND...: one line more in times/NAME
run() {
	name=$1
	shift
	./measure "times/$name" "$@" >out/log 2>&1 || { cat out/log >&2; die "$name failed"; }
}
# rounds: one to warm up, then $runs that count
rounds() {
	load=$(uptime | sed 's/.*load average: //')
	say "warming up"
	round
	rm -f times/*
	for i in $(seq "$runs"); do
		say "round $i of $runs"
		round
	done
}
# report AWK-WORDS...: heading, then the tables that the awk program makes of times/*
report() {
	cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
	echo "$flows flows, median of $runs interleaved runs, $("$ff" --version | head -n 1);" \
		"$(uname -sm), $(nproc 2>/dev/null || echo '?') processors (${cpu:-unknown});" \
		"load before and after: $load; $(uptime | sed 's/.*load average: //')"
	echo
	awk "$@"
}
