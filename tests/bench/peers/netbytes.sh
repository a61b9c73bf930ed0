# netbytes.sh METHOD FILE TABLE FIGURE - bytes to 198.18.4.10 by hour and dPort, as gnuplot impulses.
here=$(dirname "$0")
hour="floor((stime-1700006400)/3600)::INT"
case $1 in
duckdb)
	case $2 in
	*.csv)
		. "$here/duckdb_csv.sh"
		from="$(duckdb_csv "$2") WHERE dip='198.18.4.10'"
		;;
	*) from="'$2' WHERE dip=3323069450" ;;
	esac
	node "$here/duckdb.mjs" "COPY (SELECT $hour h,dport,sum(bytes)::BIGINT b FROM $from
		GROUP BY ALL ORDER BY ALL) TO '$3' (HEADER false)"
	;;
nfdump)
	nfdump -r "$2" -q -N -6 -o 'fmt:%tsr %dp %byt' 'dst ip 198.18.4.10' 2>/dev/null |
		LC_ALL=C mawk '{ b[int(($1 - 1700006400) / 3600) "," $2] += $3 }
			END { for (k in b) printf "%s,%.0f\n", k, b[k] }' |
		LC_ALL=C sort -t, -k1,1n -k2,2n >"$3"
	;;
silk)
	rwfilter --daddress=198.18.4.10 --pass=stdout "$2" |
		rwuniq --fields=stime,dport --bin-time=3600 --values=bytes --sort-output \
			--timestamp-format=epoch --no-titles --no-columns --no-final-delimiter \
			--column-separator=, |
		mawk -F, '{ print ($1 - 1700006400) / 3600 "," $2 "," $3 }' >"$3"
	;;
esac && gnuplot -e "table='$3'; figure='$4'" "$here/netbytes.gp"
