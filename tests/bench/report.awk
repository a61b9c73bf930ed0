# report.awk - medians of the files that measure wrote, and targets met or not, as Markdown. The
# program of a bench is read behind it: its END calls close_file(), label(), pipelines(),
# targets, noise().
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
function pipelines(   i) {
	print "| pipeline | wall s | CPU s | largest process MiB | slowest/fastest run |"
	print "|---|---:|---:|---:|---:|"
	for (i = 1; i <= names; i++)
		printf "| %s | %.3f | %.3f | %.0f | %.2f |\n", labels[order[i]], wall[order[i]],
			cpu[order[i]], peak[order[i]] / 1024, spread[order[i]]
	print "\n| target | measured | limit | |\n|---|---:|---:|---|"
}
function noise(   i, noisy) {
	for (i = 1; i <= names; i++)
		if (spread[order[i]] > 1.3) noisy = noisy (noisy ? ", " : "") order[i]
	if (noisy)
		print "The machine was noisy: runs differ by more than 30 % for " noisy "."
}
FNR == 1 { close_file(); name = FILENAME; sub(/.*\//, "", name); n = most = 0 }
{ w[++n] = $1; c[n] = $2; if ($3 > most) most = $3 }
