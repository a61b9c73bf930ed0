# ephemeral.sh METHOD FILE TABLE FIGURE - start time and sPort of every flow from 198.18.4.1, as a
# matplotlib scatter; METHOD table: of the table alone.
here=$(dirname "$0")
case $1 in
table) ;;
duckdb)
	case $2 in
	*.csv)
		. "$here/duckdb_csv.sh"
		from="$(duckdb_csv "$2") WHERE sip='198.18.4.1'"
		;;
	*) from="'$2' WHERE sip=3323069441" ;;
	esac
	node "$here/duckdb.mjs" "COPY (SELECT stime,sport FROM $from) TO '$3' (HEADER false)"
	;;
grep) LC_ALL=C grep '^198\.18\.4\.1,' "$2" | LC_ALL=C mawk -F, '{ print $9 "," $3 }' >"$3" ;;
nfdump)
	nfdump -r "$2" -q -N -6 -o 'fmt:%tsr,%sp' 'src ip 198.18.4.1' 2>/dev/null |
		tr -d ' ' >"$3"
	;;
silk)
	rwfilter --saddress=198.18.4.1 --pass=stdout "$2" |
		rwcut --fields=stime,sport --timestamp-format=epoch --no-titles --no-columns \
			--no-final-delimiter --column-separator=, >"$3"
	;;
esac && ${PYTHON:-python3} "$here/ephemeral.py" "$3" "$4"
