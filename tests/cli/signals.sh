#!/bin/sh
# SPDX-License-Identifier: MIT
# SIGPIPE ends quietly; SIGINT and SIGTERM end by the signal, soon, and leave no partial file.
. tests/support/cli.sh
make_flows flows.txt

# a reader that goes away: no message, no leftovers. The table must be larger than a pipe holds.
"$FLOWFIG" simulate border -q --flows=20000 --days=30 -o border.csv
(
	"$FLOWFIG" contact -q border.csv --bin=1m --data=- -o x.png -o x.svg --findings=x.json 2>err
	echo $? >status
) | head -n 1 >out
[ "$(cat out)" = bin_start,destinations,sources ] || fail "first line: $(cat out)"
[ "$(cat status)" -eq 141 ] || fail "status $(cat status) after SIGPIPE"
silent err
absent x.png x.svg x.json
(
	"$FLOWFIG" simulate border -q --flows=20000 -o - --truth=x.json 2>err
	echo $? >status
) | head -n 1 >out
[ "$(cat status)" -eq 141 ] || fail "status $(cat status) of simulate after SIGPIPE"
silent err
absent x.json
"$FLOWFIG" help contact 2>err | head -n 1 >out
silent err

# interrupted(SIGNAL, STATUS, WORDS...): the program reads from a pipe that never ends
interrupted() {
	signal=$1 want=$2
	shift 2
	rm -f pipe started
	mkfifo pipe
	{
		cat flows.txt
		: >started
		while :; do tail -n +2 flows.txt || exit; done 2>/dev/null
	} >pipe &
	writer=$!
	"$FLOWFIG" "$@" <pipe >out 2>err &
	reader=$!
	while [ ! -e started ]; do sleep 0.05; done
	kill -s "$signal" $reader
	wait $reader
	got=$?
	kill $writer 2>/dev/null
	wait $writer 2>/dev/null
	[ $got -eq "$want" ] || fail "status $got, not $want, after $signal: $*"
	absent x.png x.svg x.csv x.ffs
	silent out
}
# background jobs of a shell without job control ignore SIGINT, and children inherit that
if env --default-signal=INT true 2>/dev/null; then
	real=$FLOWFIG
	printf '#!/bin/sh\nexec env --default-signal=INT "%s" "$@"\n' "$real" >ff-int
	chmod +x ff-int
	FLOWFIG=./ff-int
	echo precious >y.csv
	interrupted INT 130 contact - -o x.png -o x.svg --data=y.csv
	[ "$(cat y.csv)" = precious ] || fail "an output was touched"
	interrupted INT 130 aggregate contact - -o x.ffs
	interrupted INT 130 info --count -
	FLOWFIG=$real
fi
interrupted TERM 143 contact - -o x.png -o x.svg --data=x.csv
says err interrupted
interrupted TERM 143 contact -j1 - -o x.png

# a pipe that is silent: the flag cannot be seen, still it ends soon
rm -f pipe
mkfifo pipe
sleep 30 >pipe &
writer=$!
"$FLOWFIG" contact - -o x.png <pipe >out 2>err &
reader=$!
sleep 0.3
kill -s TERM $reader
wait $reader
[ $? -eq 143 ] || fail "status of a silent read after SIGTERM"
kill -0 $writer || fail "it waited for the writer"
kill $writer
wait $writer 2>/dev/null
absent x.png

# in the middle of making and writing 90 MB
"$FLOWFIG" simulate border --flows=1000000 -o x.csv --truth=x.json >out 2>err &
writer=$!
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -z "$(find . -name '.x.csv.*' -size +100k)" ] || break
	sleep 0.2
done
kill -s TERM $writer
wait $writer
[ $? -eq 143 ] || fail "status of simulate after SIGTERM"
absent x.csv x.json
finish
