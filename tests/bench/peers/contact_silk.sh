# contact_silk.sh SILK TABLE FIGURE - rwfilter selects, rwuniq counts hosts a source and hour, mawk the rest.
here=$(dirname "$0")
rwfilter --daddress=198.18.4.0/22 --not-saddress=198.18.4.0/22 --pass=stdout "$1" |
	rwuniq --fields=stime,sip --bin-time=3600 --values=distinct:dip --no-titles --no-columns \
		--no-final-delimiter --column-separator=, --timestamp-format=epoch --ip-format=decimal |
	LC_ALL=C mawk -F, '
	{ sources[($1 - 1700006400) / 3600 "," $3]++ }
	END { for (cell in sources) print cell "," sources[cell] }' |
	LC_ALL=C sort -t, -k1,1n -k2,2n >"$2" && sh "$here/contact_draw.sh" "$2" "$3"
