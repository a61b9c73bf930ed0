# bundle.sh METHOD FILE TABLE FIGURE - flows from outside, by /8 of the source and /30 of the inside
# host: the table of all cells, and the 5,000 heaviest drawn by matplotlib.
here=$(dirname "$0")
case $1 in
duckdb)
	case $2 in
	*.csv)
		. "$here/duckdb_csv.sh"
		sql="SELECT split_part(sip,'.',1)::INT s,
			((split_part(dip,'.',3)::INT-4)*256+split_part(dip,'.',4)::INT)//4 d,count(*) c
			FROM $(duckdb_csv "$2")
			WHERE $(duckdb_inside dip) AND NOT $(duckdb_inside sip) GROUP BY ALL"
		;;
	*)
		sql="SELECT sip>>24 s,(dip&1023)>>2 d,count(*) c FROM '$2'
			WHERE dip>>10=3323069440>>10 AND sip>>10<>3323069440>>10 GROUP BY ALL"
		;;
	esac
	node "$here/duckdb.mjs" "COPY ($sql) TO '$3.cells' (HEADER false)" && cat "$3.cells"
	;;
nfdump)
	nfdump -r "$2" -q -N -6 -A srcip4/8,dstip4/30 -o 'fmt:%sa %da %fl' \
		'dst net 198.18.4.0/22 and not src net 198.18.4.0/22' 2>/dev/null |
		mawk '{ split($2, d, "."); split($1, s, ".")
			c[s[1] "," int(((d[3] - 4) * 256 + d[4]) / 4)] += $3 }
			END { for (k in c) print k "," c[k] }'
	;;
esac | LC_ALL=C sort -t, -k1,1n -k2,2n >"$3" &&
	LC_ALL=C sort -t, -k3,3nr -k1,1n -k2,2n "$3" | head -n 5000 >"$3.top" &&
	${PYTHON:-python3} "$here/bundle.py" "$3.top" "$4"
