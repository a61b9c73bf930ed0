# contact_duckdb.sh CSV|PARQUET TABLE FIGURE, or: contact_duckdb.sh --load CSV PARQUET
# Loading turns addresses into integers, as a user would who asks more than once.
here=$(dirname "$0")
. "$here/duckdb_csv.sh"
number() {
	echo "(split_part($1,'.',1)::UINTEGER*16777216+split_part($1,'.',2)::UINTEGER*65536+
	split_part($1,'.',3)::UINTEGER*256+split_part($1,'.',4)::UINTEGER)::UINTEGER $1"
}
case $1 in
--load)
	exec node "$here/duckdb.mjs" "COPY (SELECT $(number sip),$(number dip),* EXCLUDE (sip,dip)
		FROM $(duckdb_csv "$2")) TO '$3' (FORMAT parquet)"
	;;
*.csv)
	source="$(duckdb_csv "$1")"
	inbound="$(duckdb_inside dip) AND NOT $(duckdb_inside sip)"
	;;
*)
	source="'$1'"
	inbound="dip>>10=3323069440>>10 AND sip>>10<>3323069440>>10"
	;;
esac
node "$here/duckdb.mjs" "COPY (SELECT hour,hosts,count(*) FROM
	(SELECT hour,sip,count(*) hosts FROM
		(SELECT DISTINCT floor((stime-1700006400)/3600)::INTEGER AS hour,sip,dip FROM $source
		 WHERE $inbound)
	 GROUP BY hour,sip) GROUP BY hour,hosts ORDER BY hour,hosts)
	TO '$2' (HEADER false)" && sh "$here/contact_draw.sh" "$2" "$3"
