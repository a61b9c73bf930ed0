#!/bin/sh
# How fast flowfig draws a bundle, a netbytes and an ephemeral figure from 10 million flows, and an
# ephemeral figure from a state of 1 million and of 10 million points, beside what a user would
# build instead, in one run on one machine; see common.sh.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

bundle="--dcidr=198.18.4.0/22 --not-scidr=198.18.4.0/22 --right-range=198.18.4.0/22"
netbytes="--host=198.18.4.10 --port=dport --direction=in --bin=1h --measure=bytes"
ephemeral="--host=198.18.4.1 --initiator=any"

# figure NAME KIND WORDS...: flowfig to a PNG
figure() {
	name=$1 kind=$2
	shift 2
	run "$name" "$ff" "$kind" --quiet --threads=2 -o "out/$name.png" "$@"
}
# peer NAME KIND METHOD FILE
peer() { run "$1" sh "$here/peers/$2.sh" "$3" "$4" "out/$1.table" "out/$1.png"; }

# flowfig's tables as the peers write them
epoch='function epoch(text,   t, y, m, d) {
	split(text, t, /[-T:Z]/)
	y = t[1] - (t[2] <= 2); m = (t[2] + 9) % 12
	d = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m + 2) / 5) + t[3] - 719469
	return d * 86400 + t[4] * 3600 + t[5] * 60 + t[6]
}'
bundle_table() {
	awk -F, 'NR > 1 { split($1, s, "."); split($3, d, ".")
		print s[1] "," ((d[3] - 4) * 256 + d[4]) / 4 "," $5 }' "$1"
}
netbytes_table() {
	awk -F, "$epoch"' NR > 1 { b[(epoch($1) - 1700006400) / 3600 "," $3] += $6 }
		END { for (k in b) printf "%s,%.0f\n", k, b[k] }' "$1"
}
ephemeral_table() { awk -F, "$epoch"' NR > 1 { printf "%.3f,%d\n", epoch($1), $2 }' "$1"; }
peer_times() { awk -F, '{ printf "%.3f,%d\n", $1, $2 }' "$1"; }
# same KIND NAME PEER...: their tables are the same, in any order
same() {
	kind=$1 first=$2
	shift 2
	"${kind}_table" "out/$first.csv" | sort >out/want
	for name; do
		[ -f "out/$name.table" ] || continue
		case $kind in
		ephemeral) peer_times "out/$name.table" | sort | cmp out/want - ;;
		*) sort "out/$name.table" | cmp out/want - ;;
		esac >&2 || die "the table of $name differs"
	done
}

round() {
	run count "$ff" info --count --quiet --threads=2 flows.rw
	for kind in bundle netbytes ephemeral; do
		eval "words=\$$kind"
		figure $kind $kind $words flows.rw
		figure $kind-csv $kind $words flows.csv
		[ -z "$duckdb" ] || [ $kind != netbytes ] && [ -z "$matplotlib" ] || {
			peer $kind-duckdb $kind duckdb flows.parquet
			peer $kind-duckdb-csv $kind duckdb flows.csv
		}
		[ -z "$nfdump" ] || [ $kind != netbytes ] && [ -z "$matplotlib" ] ||
			peer $kind-nfdump $kind nfdump flows.nfcapd
	done
	[ -z "$matplotlib" ] || peer ephemeral-grep ephemeral grep flows.csv
	for form in png svg pdf; do
		run state-$form "$ff" ephemeral --quiet ephemeral.ffs -o out/state.$form
		run state-10m-$form "$ff" ephemeral --quiet gateway.ffs -o out/state-10m.$form
		[ -z "$matplotlib" ] || run matplotlib-$form sh "$here/peers/ephemeral.sh" table - \
			out/ephemeral-grep.table out/matplotlib.$form
	done
}
sizes() { # "NAME bytes" of the drawings
	for name in state state-10m matplotlib; do
		for form in png svg pdf; do
			[ ! -f "out/$name.$form" ] ||
				printf '%s-%s=%s ' "$name" "$form" "$(wc -c <"out/$name.$form")"
		done
	done
}

"$ff" aggregate ephemeral --quiet $ephemeral flows.rw -o ephemeral.ffs
"$ff" aggregate ephemeral --quiet $ephemeral gateway.rw -o gateway.ffs
rounds
for kind in bundle netbytes ephemeral; do
	eval "words=\$$kind"
	"$ff" $kind --quiet --threads=2 $words flows.rw --data=out/$kind.csv
	"$ff" $kind --quiet --threads=2 $words flows.csv --data=out/$kind-csv.csv
	cmp out/$kind.csv out/$kind-csv.csv >&2 || die "the table of $kind from CSV differs"
	same $kind $kind $kind-duckdb $kind-duckdb-csv $kind-nfdump $kind-grep
done
report -v sizes="$(sizes)" -f "$here/report.awk" -f "$here/figures.awk" \
	$(for name in count bundle bundle-csv bundle-duckdb bundle-duckdb-csv bundle-nfdump \
		netbytes netbytes-csv netbytes-duckdb netbytes-duckdb-csv netbytes-nfdump \
		ephemeral ephemeral-csv ephemeral-duckdb ephemeral-duckdb-csv ephemeral-nfdump \
		ephemeral-grep state-png state-svg state-pdf state-10m-png state-10m-svg \
		state-10m-pdf matplotlib-png matplotlib-svg matplotlib-pdf; do
		[ ! -f times/$name ] || echo times/$name; done)
