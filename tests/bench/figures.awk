# figures.awk - labels and targets of the bench of bundle, netbytes and ephemeral. Variable: sizes,
# "NAME=BYTES ..." of the drawings from a state.
END {
	close_file()
	label("count", "flowfig info --count, SiLK (decode only)")
	split("bundle netbytes ephemeral", kinds, " ")
	for (k = 1; k <= 3; k++) {
		kind = kinds[k]
		draws = kind == "netbytes" ? "gnuplot" : "matplotlib"
		label(kind, "flowfig " kind ", SiLK")
		label(kind "-csv", "flowfig " kind ", CSV")
		label(kind "-duckdb", kind ": DuckDB + " draws ", Parquet")
		label(kind "-duckdb-csv", kind ": DuckDB + " draws ", CSV")
		label(kind "-nfdump", kind ": nfdump + " draws ", nfcapd")
		label(kind "-grep", kind ": grep + mawk + " draws ", CSV")
	}
	split("png svg pdf", forms, " ")
	for (f = 1; f <= 3; f++) {
		label("state-" forms[f], "flowfig, state of 1 million points to " toupper(forms[f]))
		label("state-10m-" forms[f], "flowfig, state of 10 million points to " toupper(forms[f]))
		label("matplotlib-" forms[f], "matplotlib, 1 million points to " toupper(forms[f]))
	}
	pipelines()
	for (k = 1; k <= 3; k++)
		ratio(kinds[k] ": SiLK to PNG / decode only", kinds[k], "count", 2)
	for (k = 1; k <= 3; k++) {
		best(kinds[k] ": times as fast as the best peer from its own file", kinds[k],
			kinds[k] "-duckdb " kinds[k] "-nfdump")
		best(kinds[k] ": times as fast as the best peer from CSV", kinds[k] "-csv",
			kinds[k] "-duckdb-csv " kinds[k] "-grep")
	}
	count_sizes = split(sizes, pairs, " ")
	for (i = 1; i <= count_sizes; i++) {
		split(pairs[i], pair, "=")
		bytes[pair[1]] = pair[2]
	}
	for (f = 1; f <= 3; f++) {
		form = forms[f]
		mine = "state-" form
		other = "matplotlib-" form
		if (!(other in cpu)) continue
		verdict("1 million points, times less CPU than matplotlib, " toupper(form),
			cpu[other] / cpu[mine], 5, 1, "")
		if (form != "png")
			verdict("1 million points, " toupper(form) " bytes / matplotlib's",
				bytes[mine] / bytes[other], 1, 0, "")
	}
	for (f = 2; f <= 3; f++) {
		name = "state-10m-" forms[f]
		if (!(name in cpu)) continue
		verdict("10 million points, " toupper(forms[f]) ", load and draw", wall[name], 2, 0, " s")
		verdict("10 million points, " toupper(forms[f]), bytes[name] / 1e6, 2, 0, " MB")
	}
	noise()
}
# times that a is faster than the fastest of `names`
function best(text, a, names,   i, n, list, least) {
	n = split(names, list, " ")
	for (i = 1; i <= n; i++)
		if (list[i] in wall && (!least || wall[list[i]] < least)) least = wall[list[i]]
	if (least) verdict(text, least / wall[a], 3, 1, "")
}
