#!/bin/sh
# profile.sh PROGRAM WORD... - where the CPU time of one run goes, by stage of the pipeline, from samples
# of whole call stacks (perf; user and kernel time, all threads). Rows are shares of all samples.
# Works on any build with symbols, for example:
#   sh tests/bench/profile.sh out/flowfig contact --inside=198.18.4.0/22 flows.rw -o a.png
set -eu
command -v perf >/dev/null || { echo "profile: perf is not installed" >&2; exit 1; }
data=$(mktemp "${TMPDIR:-/tmp}/profile.XXXXXX")
trap 'rm -f "$data"' EXIT
perf record -q -F 4000 --call-graph dwarf,4096 -o "$data" "$@" >/dev/null
perf script -i "$data" --no-inline -F ip,sym 2>/dev/null | awk '
function stage(s) { # the stage that a function belongs to, "" if it may serve several
	if (s ~ /^(ff_digest64|XXH3_)/) return "digest"
	if (s ~ /^(ff_stream_|raw_(read|stat|end_piece)|silk_fill|__libc_pread|__GI___pread|pread|vfs_read|ksys_)/) return "read"
	if (s ~ /^(silk_decode|text_decode|csv_decode|rwcut_decode|generic_v|ff_source_next)/) return "decode"
	if (s ~ /^ff_select_apply/) return "select"
	if (s ~ /^(contact_add|contact_flush|contact_store_add|contact_set_|bundle_add|netbytes_add|ephemeral_add)/) return "add"
	if (s ~ /^(ff_state_load|ff_state_get_|contact_load|load_)/) return "load state"
	if (s ~ /^contact_findings/) return "findings"
	if (s ~ /^contact_(finish|store_counts|destroy|store_release)/) return "finish"
	if (s ~ /^(ff_canvas_measure|ff_texts_)/) return "measure text"
	if (s ~ /^(ff_png_write|band_thread)$/) return "PNG encode"
	if (s ~ /^(paint_|ff_raster_|ff_canvas_(new|finish|free))/) return "draw"
	if (s ~ /^(contact_draw|contact_describe|ff_figure_render)$/) return "layout"
	if (s ~ /^(ff_table_write|ff_cli_provenance)/) return "tables and provenance"
	if (s ~ /^(main|_dl_start|_dl_fini|_dl_runtime_resolve.*|FcInit.*|Fc[A-Z].*|_exit|execve)$/) return "start and end"
	return ""
}
/^$/ { if (depth) { n[found ? found : "rest"]++; total++ } depth = 0; found = ""; next }
{ depth++; if (!found) found = stage($2) }
END {
	if (depth) { n[found ? found : "rest"]++; total++ }
	split("read,digest,decode,select,add,load state,finish,findings,layout,measure text,draw,PNG encode,tables and provenance,start and end,rest", order, ",")
	for (i = 1; i in order; i++)
		if (n[order[i]]) printf "| %s | %.1f %% |\n", order[i], 100 * n[order[i]] / total
}'
