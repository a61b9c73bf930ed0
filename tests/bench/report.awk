# report.awk - medians of the files that measure wrote, and the targets, as Markdown. Variables:
# triples, distinct: number of distinct (hour, source, host) in the two data sets.
function median(values, n,   i, k, swap) {
	for (i = 2; i <= n; i++)
		for (k = i; k > 1 && values[k - 1] > values[k]; k--) {
			swap = values[k]; values[k] = values[k - 1]; values[k - 1] = swap
		}
	return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}
function close_file(   v, i) {
	if (!n) return
	for (i = 1; i <= n; i++) v[i] = w[i]
	wall[name] = median(v, n)
	spread[name] = v[n] / v[1]
	for (i = 1; i <= n; i++) v[i] = c[i]
	cpu[name] = median(v, n)
	peak[name] = most
	order[++names] = name
}
function label(name, text) { labels[name] = text }
function verdict(text, value, limit, want_more, unit) {
	printf "| %s | %.2f%s | %s %s%s | %s |\n", text, value, unit, want_more ? "at least" : "at most",
		limit, unit, (want_more ? value >= limit : value <= limit) ? "met" : "**not met**"
}
function ratio(text, a, b, limit) { # wall of a, in those of b
	if (a in wall && b in wall) verdict(text, wall[a] / wall[b], limit, 0, "")
}
function faster(text, a, b, limit) {
	if (a in wall && b in wall) verdict(text, wall[b] / wall[a], limit, 1, "")
}
FNR == 1 { close_file(); name = FILENAME; sub(/.*\//, "", name); n = most = 0 }
{ w[++n] = $1; c[n] = $2; if ($3 > most) most = $3 }
END {
	close_file()
	label("surface", "flowfig, SiLK, surface")
	label("surface-shuffled", "flowfig, SiLK shuffled, surface")
	label("surface-1", "flowfig, SiLK, surface, 1 thread")
	label("map", "flowfig, SiLK, map")
	label("table", "flowfig, SiLK, table only")
	label("count", "flowfig info --count, SiLK (decode only)")
	label("csv", "flowfig, CSV, surface")
	label("distinct", "flowfig, SiLK, every flow a new contact, no order")
	label("spill", "the same with --memory=64M")
	label("state-surface", "flowfig, from a state, surface")
	label("state-map", "flowfig, from a state, map")
	label("state-line", "flowfig, from a state, line")
	label("floor-raw", "floor, 1 thread, raw records in order, table only")
	label("floor-csv", "floor, 1 thread, CSV in order, table only")
	label("numpy", "numpy + gnuplot, raw records")
	label("duckdb", "DuckDB + gnuplot, Parquet")
	label("duckdb-csv", "DuckDB + gnuplot, CSV")
	label("nfdump", "nfdump + mawk + gnuplot, nfcapd")
	label("silk", "rwfilter + rwuniq + gnuplot, SiLK")
	print "| pipeline | wall s | CPU s | largest process MiB | slowest/fastest run |"
	print "|---|---:|---:|---:|---:|"
	for (i = 1; i <= names; i++)
		printf "| %s | %.3f | %.3f | %.0f | %.2f |\n", labels[order[i]], wall[order[i]],
			cpu[order[i]], peak[order[i]] / 1024, spread[order[i]]
	print "\n| target | measured | limit | |\n|---|---:|---:|---|"
	ratio("SiLK in order to PNG / floor from raw records", "surface", "floor-raw", 2.5)
	ratio("SiLK shuffled to PNG / floor from raw records in order", "surface-shuffled", "floor-raw", 2.5)
	ratio("SiLK in order to PNG / decode only", "surface", "count", 3)
	ratio("SiLK shuffled to PNG / decode only", "surface-shuffled", "count", 3)
	faster("times as fast as numpy + gnuplot, in order", "surface", "numpy", 1)
	faster("times as fast as numpy + gnuplot, shuffled", "surface-shuffled", "numpy", 1)
	faster("times as fast as DuckDB on Parquet + gnuplot, in order", "surface", "duckdb", 1)
	faster("times as fast as DuckDB on Parquet + gnuplot, shuffled", "surface-shuffled", "duckdb", 1)
	faster("times as fast as nfdump + mawk + gnuplot", "surface", "nfdump", 8)
	faster("times as fast as rwuniq + gnuplot", "surface", "silk", 8)
	ratio("CSV to PNG / floor from CSV", "csv", "floor-csv", 1)
	faster("times as fast as DuckDB on CSV + gnuplot", "csv", "duckdb-csv", 3)
	verdict("bytes a contact above 64 MiB, in order", over("surface", triples), 16, 0, " B")
	verdict("bytes a contact above 64 MiB, shuffled", over("surface-shuffled", triples), 16, 0, " B")
	verdict("bytes a contact above 64 MiB, all distinct", over("distinct", distinct), 16, 0, " B")
	for (i = 1; i <= names; i++)
		if (order[i] ~ /^state-/)
			verdict("CPU of " labels[order[i]], cpu[order[i]], 0.5, 0, " s")
	printf "\n%d distinct (hour, source, host) in the first data set, %d in the second.\n", triples, distinct
	for (i = 1; i <= names; i++)
		if (spread[order[i]] > 1.3) noisy = noisy (noisy ? ", " : "") order[i]
	if (noisy)
		print "The machine was noisy: runs differ by more than 30 % for " noisy "."
}
function over(name, contacts,   bytes) {
	bytes = (peak[name] - 65536) * 1024
	return bytes > 0 ? bytes / contacts : 0
}
