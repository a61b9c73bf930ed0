#!/bin/sh
# SPDX-License-Identifier: MIT
# flowfig simulate: the same command gives the same bytes; each format holds the same flows; what
# contact counts is what the truth file says was put in.
. tests/support/cli.sh
for scenario in slow-scan border stacks; do
	small="$scenario -q --days=5 --flows=6000"
	[ $scenario != slow-scan ] || small="$small --scanners=20 --sweeps=5"
	for out in a.txt b.txt a.csv a.rw a.silk; do
		# shellcheck disable=SC2086 # words
		ff 0 simulate $small --seed=3 -o $out --truth=$out.json
		silent err
		silent out
	done
	same a.txt b.txt
	same a.rw a.silk
	same a.txt.json a.rw.json
	# shellcheck disable=SC2086 # words
	ff 0 simulate $small --seed=3 -o -
	same out a.txt
	# shellcheck disable=SC2086 # words
	ff 0 simulate $small --seed=4 -o other.txt
	differ a.txt other.txt
	[ "$(tail -n +2 a.txt | wc -l)" -eq 6000 ] || fail "not 6000 flows"
	ff 0 info --count a.rw
	says out 'records: 6000'
	for kind in txt csv rw; do ff 0 contact -q --inside=198.18.4.0/22 a.$kind --data=$kind.out.csv; done
	same rw.out.csv txt.out.csv
	same rw.out.csv csv.out.csv
	# the truth: sources by n, summed over all hours
	awk -F, 'NR > 1 { sum[$2] += $3 } END { for (n in sum) print n, sum[n] }' rw.out.csv | sort -n >got
	sed -n 's/^{"destinations":\([0-9]*\),"sources":\([0-9]*\)}.*/\1 \2/p' a.rw.json >want
	if [ -s want ]; then same got want; else fail "no contact counts in the truth file"; fi
done

# IPv6
ff 0 simulate slow-scan -q --days=2 --flows=3000 --scanners=10 --sweeps=1 --inside=2001:db8:0:1::/118 -o six.rw
ff 0 info six.rw
says out FT_RWIPV6ROUTING
ff 0 simulate slow-scan -q --days=2 --flows=3000 --scanners=10 --sweeps=1 --inside=2001:db8:0:1::/118 -o six.csv
for kind in rw csv; do ff 0 contact -q --inside=2001:db8:0:1::/118 six.$kind --data=$kind.out.csv; done
same rw.out.csv csv.out.csv
ff 2 simulate border --inside=2001:db8::/118 --format=silk -o x.rw
says err silk6
finish
