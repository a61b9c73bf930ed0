#!/bin/sh
# make bench - how fast flowfig draws a contact figure from 10 million flows, beside a one-thread
# lower bound and the pipelines that a user would build instead, in one run on one machine.
#
# The data (3.4 GB) is made once and kept in $FLOWFIG_BENCH_DIR. Every round runs every pipeline
# once, as whole processes on files in the page cache, so that a noisy minute hits all alike;
# the report, in Markdown on standard output, gives medians. A pipeline whose table differs from
# flowfig's ends the bench with status 1; a peer that is not installed is left out with a word.
#
# Environment: FLOWFIG (out/flowfig), FLOWFIG_BENCH_DIR, FLOWFIG_BENCH_RUNS (5),
# FLOWFIG_BENCH_FLOWS (10000000), PYTHON (a python3 with numpy), CC.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
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
# bytes a flow: 3 SiLK files, raw, CSV, nfcapd, Parquet, and room for the scratch file of a spill
need=$((flows / 1024 * (3 * 52 + 32 + 70 + 76 + 25 + 16)))
free=$(df -Pk . | awk 'NR == 2 { print $4 }')
made=$(cat made 2>/dev/null || echo none)
key="$flows $(cat "$here"/flows*.[ch] | cksum)"
if [ "$made" != "$key" ]; then
	rm -f made flows.* shuffled.rw distinct.rw
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
	echo "$key" >made
fi

# ---- peers that are here ----
numpy=yes duckdb=yes nfdump=yes silk=yes
PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import numpy' 2>/dev/null || PYTHON=/usr/bin/python3 # Debian's, if another comes first
export PYTHON
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
	numpy= duckdb= nfdump= silk=
	say "gnuplot is not installed: all peers left out"
}
if [ -n "$duckdb" ] && [ ! -f flows.parquet ]; then
	say "loading the CSV into Parquet (not timed)"
	sh "$here/peers/duckdb.sh" --load flows.csv flows.parquet.tmp && mv flows.parquet.tmp flows.parquet
fi

# ---- pipelines ----
# run NAME COMMAND...: one line more in times/NAME
run() {
	name=$1
	shift
	./measure "times/$name" "$@" >out/log 2>&1 || { cat out/log >&2; die "$name failed"; }
}
# contact NAME THREADS WORDS...: flowfig to a PNG and its table
contact() {
	name=$1 threads=$2
	shift 2
	run "$name" "$ff" contact --quiet --inside=198.18.4.0/22 --threads="$threads" \
		-o "out/$name.png" --data="out/$name.csv" "$@"
}
# peer NAME SCRIPT FILE
peer() { run "$1" sh "$here/peers/$2.sh" "$3" "out/$1.table" "out/$1.png"; }
# flowfig's table as the peers write it: hour, destinations, sources
hours() {
	awk -F, 'NR > 1 {
		split($1, t, /[-T:Z]/)
		y = t[1] - (t[2] <= 2); m = (t[2] + 9) % 12
		days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m + 2) / 5) + t[3] - 719469
		print days * 24 + t[4] - 1700006400 / 3600 "," $2 "," $3
	}' "$1"
}
# same NAME...: their tables are that of floor-raw, which is the plainest program
same() {
	for name; do
		[ ! -f "out/$name.csv" ] || hours "out/$name.csv" >"out/$name.table"
		cmp "out/floor-raw.table" "out/$name.table" >&2 || die "the table of $name differs"
	done
}

round() {
	contact surface 2 flows.rw
	contact surface-shuffled 2 shuffled.rw
	contact surface-1 1 flows.rw
	contact map 2 --view=map flows.rw
	run table "$ff" contact --quiet --inside=198.18.4.0/22 --threads=2 --data=out/table.csv flows.rw
	run count "$ff" info --count --quiet --threads=2 flows.rw
	contact csv 2 flows.csv
	run floor-raw ./floor flows.raw out/floor-raw.table
	run floor-csv ./floor flows.csv out/floor-csv.table
	same surface surface-shuffled surface-1 map table csv floor-csv
	contact distinct 2 --memory=4G distinct.rw
	contact spill 2 --memory=64M distinct.rw
	cmp out/distinct.csv out/spill.csv >&2 || die "the table of the spill differs"
	for view in surface map line; do
		run "state-$view" "$ff" contact --quiet --view=$view flows.ffs \
			-o "out/state-$view.png" --data="out/state-$view.csv"
	done
	same state-surface state-map state-line
	[ -z "$numpy" ] || { peer numpy numpy flows.raw && same numpy; }
	[ -z "$duckdb" ] || { peer duckdb duckdb flows.parquet && same duckdb; }
	[ -z "$duckdb" ] || { peer duckdb-csv duckdb flows.csv && same duckdb-csv; }
	[ -z "$nfdump" ] || { peer nfdump nfdump flows.nfcapd && same nfdump; }
	[ -z "$silk" ] || { peer silk silk flows.rw && same silk; }
}

load=$(uptime | sed 's/.*load average: //')
"$ff" aggregate contact --quiet --inside=198.18.4.0/22 flows.rw -o flows.ffs
say "warming up"
round
rm -f times/*
for i in $(seq "$runs"); do
	say "round $i of $runs"
	round
done
triples() { awk -F, 'NR > 1 { n += $2 * $3 } END { printf "%d", n }' "out/$1.csv"; }

# ---- report ----
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
echo "$flows flows, median of $runs interleaved runs, $("$ff" --version | head -n 1); $(uname -sm)," \
	"$(nproc 2>/dev/null || echo '?') processors (${cpu:-unknown}); load before and after:" \
	"$load; $(uptime | sed 's/.*load average: //')"
echo
awk -v triples="$(triples surface)" -v distinct="$(triples distinct)" -f "$here/report.awk" \
	$(for name in surface surface-shuffled surface-1 map table count csv distinct spill \
		state-surface state-map state-line floor-raw floor-csv numpy duckdb duckdb-csv \
		nfdump silk; do [ ! -f times/$name ] || echo times/$name; done)
