# contact_nfdump.sh NFCAPD TABLE FIGURE - nfdump selects and prints, mawk counts hour by hour (the file is in
# order of time; in any other order it would have to keep the whole month).
here=$(dirname "$0")
nfdump -r "$1" -q -N -o 'fmt:%tsr %sa %da' \
	'dst net 198.18.4.0/22 and not src net 198.18.4.0/22' |
	LC_ALL=C mawk '
	function end_hour(s, n) {
		for (s in hosts) sources[hosts[s]]++
		for (n in sources) print hour "," n "," sources[n]
		split("", hosts); split("", sources); split("", seen)
	}
	{ h = int(($1 - 1700006400) / 3600) }
	h != hour { end_hour(); hour = h }
	!(($2, $3) in seen) { seen[$2, $3]; hosts[$2]++ }
	BEGIN { hour = 0 }
	END { end_hour() }' | LC_ALL=C sort -t, -k1,1n -k2,2n >"$2" && sh "$here/contact_draw.sh" "$2" "$3"
