# duckdb_csv.sh - sourced: how DuckDB reads the bench's CSV.
duckdb_csv() {
	echo "read_csv('$1',header=true,columns={'sip':'VARCHAR','dip':'VARCHAR',
		'sport':'USMALLINT','dport':'USMALLINT','proto':'UTINYINT','packets':'UBIGINT',
		'bytes':'UBIGINT','flags':'UTINYINT','stime':'DOUBLE','dur':'DOUBLE'})"
}
duckdb_inside() {
	echo "(starts_with($1,'198.18.4.') OR starts_with($1,'198.18.5.') OR
		starts_with($1,'198.18.6.') OR starts_with($1,'198.18.7.'))"
}
