#!/bin/sh
# How fast flowfig draws a contact figure from 10 million flows, beside a one-thread lower bound
# and the pipelines that a user would build instead, in one run on one machine; see common.sh.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

# contact NAME THREADS WORDS...: flowfig to a PNG and its table
contact() {
	name=$1 threads=$2
	shift 2
	run "$name" "$ff" contact --quiet --inside=198.18.4.0/22 --threads="$threads" \
		-o "out/$name.png" --data="out/$name.csv" "$@"
}
# peer NAME SCRIPT FILE
peer() { run "$1" sh "$here/peers/contact_$2.sh" "$3" "out/$1.table" "out/$1.png"; }
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

"$ff" aggregate contact --quiet --inside=198.18.4.0/22 flows.rw -o flows.ffs
rounds
triples() { awk -F, 'NR > 1 { n += $2 * $3 } END { printf "%d", n }' "out/$1.csv"; }
report -v triples="$(triples surface)" -v distinct="$(triples distinct)" \
	-f "$here/report.awk" -f "$here/contact.awk" \
	$(for name in surface surface-shuffled surface-1 map table count csv distinct spill \
		state-surface state-map state-line floor-raw floor-csv numpy duckdb duckdb-csv \
		nfdump silk; do [ ! -f times/$name ] || echo times/$name; done)
