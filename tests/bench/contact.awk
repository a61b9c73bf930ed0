# contact.awk - labels and targets of the contact bench. Variables: triples, distinct: number of
# distinct (hour, source, host) in the two data sets.
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
	pipelines()
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
	noise()
}
function over(name, contacts,   bytes) {
	bytes = (peak[name] - 65536) * 1024
	return bytes > 0 ? bytes / contacts : 0
}
