#!/bin/sh
# SPDX-License-Identifier: MIT
# Real and foreign flow files, where they are at hand: the honeypots' sums by n, straight from the
# compressed text; SiLK's files in every codec and byte order against the text SiLK prints of them;
# damaged SiLK files.
# shellcheck disable=SC2086 # options are kept as words
. tests/support/cli.sh
[ -d "$FF_SHARED/data" ] || skip "no folder '$FF_SHARED/data'"

marx=$FF_SHARED/data/aws-marx/marx-mar-may.rwcut.txt.gz
if [ -f "$marx" ]; then
	ff 0 contact --inside=10.77.0.0/24 "$marx" --bin=1h -o marx.png -o marx.svg --data=marx.csv
	says err '187,849 inbound, 0 outbound'
	sums=$(awk -F, 'NR > 1 { sum[$2] += $3 } END { for (n = 1; n <= 9; n++) printf "%d ", sum[n]; print length(sum) }' marx.csv)
	[ "$sums" = '95674 5587 862 585 497 1402 656 42 133 9' ] || fail "sums by n: $sums"
	[ -s marx.png ] && [ -s marx.svg ] || fail "no picture"
	gzip -dc "$marx" >marx.txt
	ff 0 contact -q --inside=10.77.0.0/24 marx.txt --threads=3 --data=plain.csv
	same marx.csv plain.csv
	rm marx.txt
fi

silk=$FF_SHARED/data/silk
if [ -d "$silk/full" ]; then
	for kind in v4 v6 mixed; do
		for words in '' --bin=5m '--bin=1d --pairs=port' '--direction=out --bin=all' \
			'--inside=10.0.0.0/8,2001:db8::/32'; do
			"$FLOWFIG" contact -q "$silk/oracle/full-$kind.cut.txt.gz" $words --data=want.csv 2>want.err
			want=$?
			[ $want -le 1 ] || fail "status $want: $kind $words"
			for file in "$silk/full/$kind"-*; do
				case $file in *lzo1x*) "$FLOWFIG" --version | grep -q lzo1x || continue ;; esac
				rm -f got.csv
				"$FLOWFIG" contact -q "$file" $words --data=got.csv 2>err
				[ $? -eq $want ] || fail "status for $file $words"
				[ $want -ne 0 ] || same want.csv got.csv
			done
		done
		# at least the first of them draws something
		ff 0 contact -q "$silk/oracle/full-$kind.cut.txt.gz" --data=-
		[ "$(wc -l <out)" -gt 10 ] || fail "hardly any contacts in $kind"
	done
	ff 0 info --count "$silk/full"
	says out 'records: '
fi

if [ -d "$silk/bad" ]; then
	for file in "$silk"/bad/*.rw; do
		name=$(basename "$file")
		rm -f bad.csv
		"$FLOWFIG" contact -q "$file" --data=bad.csv >out 2>err
		got=$?
		[ $got -eq 1 ] || fail "status $got for $name"
		[ $name = zero-records.rw ] || says err "$name'"
		absent bad.csv
	done
fi
finish
