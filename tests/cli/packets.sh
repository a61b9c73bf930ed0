#!/bin/sh
# SPDX-License-Identifier: MIT
# Packets: small captures from a file, a pipe and compressed; filter and timeouts; damage. Where
# tshark is installed, the same packets, bytes and flows as it has, of real captures too where they
# are at hand.
. tests/support/cli.sh
data=$root/tests/data/pcap
"$FLOWFIG" info "$data/ethernet" >out 2>err || {
	grep -q 'left out of this build' err && skip "no libpcap in this build"
}

# count FLOWS OTHERS FILE: every way in tells as many
count() {
	told="records: $1"
	[ "$2" -eq 0 ] || told="$told no flows: $2"
	gzip -c "$data/$3" >copy.gz
	for from in "$data/$3" copy.gz -; do
		ff 0 info --count --threads=3 $from <"$data/$3"
		# shellcheck disable=SC2005,SC2046 # two lines, joined
		[ "$(echo $(cat out))" = "$told" ] || fail "$3 from $from: $(cat out), not $told"
	done
}
count 5 0 ethernet
count 5 0 big-nano
count 5 0 cooked-short
count 5 0 raw-ng
count 5 0 wlan
count 4 1 odd-ng
ff 0 info "$data/big-nano"
says out 'format: pcap' 'big-endian, nanoseconds, EN10MB (Ethernet)' 'idle timeout: 1m' 'active timeout: 30m'
ff 0 info "$data/raw-ng" --bpf=tcp --idle-timeout=90 --active-timeout=1h
says out 'pcapng' 'idle timeout: 90s' 'active timeout: 1h' 'filter: tcp'

# options
ff 0 info --count "$data/ethernet" --bpf='tcp or icmp6'
says out 'records: 2'
ff 0 info --count "$data/ethernet" --active-timeout=200ms
says out 'records: 9'
ff 0 info --count "$data/ethernet" --idle-timeout=100ms
says out 'records: 10'
ff 0 info --count "$data/ethernet" --max-active=1
says out 'records: 8'
says err "ethernet': 7 flows were ended early, as more than 1 went on at once ('--max-active')"
ff 2 contact "$data/ethernet" --bpf='tcp prot 5' -o x.png
says err "bad filter 'tcp prot 5' for '--bpf': " "syntax error"
ff 2 contact "$data/ethernet" --idle-timeout=0 -o x.png
says err "bad value '0' for '--idle-timeout'"
ff 2 contact "$data/ethernet" --active-timeout=long -o x.png
says err "bad value 'long' for '--active-timeout'"
ff 2 contact "$data/ethernet" --max-active=0 -o x.png
says err "'0'"
one_record >one.csv
ff 2 contact one.csv --bpf=tcp -o x.png
says err "'--bpf' filters packets, of which 'one.csv' has none"
absent x.png

# damage: a cut last packet is one record, a packet of no possible length is the end
head -c 700 "$data/ethernet" >cut
ff 3 info --count --max-bad=1 cut
says out 'records: 4'
says err "damaged: 'cut' at byte 700: truncated dump file"
ff 1 info --count cut
says err "'--max-bad'"
{ head -c 94 "$data/ethernet"; printf '\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377'; } >wild
ff 1 info --count --max-bad=9 wild
says err "damaged: 'wild' at byte 110: invalid packet capture length"
printf '\324\303\262\241\002\000\004\000' >head
ff 1 info head
says err "damaged: 'head' at byte 8: truncated dump file"

# known in a folder, whatever their names
mkdir folder
cp "$data/ethernet" folder/a.txt
cp "$data/raw-ng" folder/b
echo text >folder/README
ff 0 info --count folder
says out 'records: 10'
says err '1 files in the folders are no flow files'

command -v tshark >/dev/null || finish
# flows, packets and bytes from 256 ports to 256 ports, as the table of bundle
tshark_ports() {
	tshark -r "$1" -o ip.defragment:FALSE -o ipv6.defragment:FALSE -T fields -E occurrence=f \
		-E separator=, -e ip.src -e ip.dst -e ip.proto -e ip.len -e ipv6.src -e ipv6.dst \
		-e ipv6.plen -e icmpv6.type -e tcp.srcport -e tcp.dstport -e udp.srcport \
		-e udp.dstport 2>/dev/null |
		awk -F, '{
			v4 = $1 != ""
			if (v4 ? $3 != 6 && $3 != 17 : $8 != "" || $9 $11 == "") next
			tcp = v4 ? $3 == 6 : $9 != ""
			s = tcp ? $9 : $11; d = tcp ? $10 : $12
			key = sprintf("%05d %05d", s - s % 256, d - d % 256)
			if (!seen[$1 $5, $2 $6, s, d, tcp]++) flows[key]++
			packets[key]++; bytes[key] += v4 ? $4 : $7 + 40
		}
		END { for (k in flows) print k, flows[k], packets[k], bytes[k] }' | sort |
		awk 'BEGIN { print "left_lo,left_hi,right_lo,right_hi,flows,packets,bytes" }
		{ printf "%d,%d,%d,%d,%d,%d,%.0f\n", $1, $1 + 255, $2, $2 + 255, $3, $4, $5 }'
}
for file in "$data/ethernet" "$data/big-nano" "$data/raw-ng" "$data/wlan" \
	"$FF_SHARED"/data/slips/*.pcap "$FF_SHARED"/data/ndpi/*.pcap* "$FF_SHARED"/data/otrf-apt29/*.cap; do
	[ -e "$file" ] || continue
	tshark_ports "$file" >want.csv
	[ "$(wc -l <want.csv)" -gt 1 ] || fail "nothing of tshark's to compare: $file"
	ff 0 bundle -q --left=sport --right=dport "$file" --protocol=6,17 --idle-timeout=1000d \
		--active-timeout=1000d --data=got.csv
	tr -d '\r' <got.csv >got.lf
	same want.csv got.lf
done
finish
