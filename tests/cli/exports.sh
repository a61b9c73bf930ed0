#!/bin/sh
# SPDX-License-Identifier: MIT
# NetFlow and IPFIX: what nfdump exports is what it has stored. Over the loopback, where it, tcpdump
# and the right to capture are at hand; and with captures and datagrams made before.
. tests/support/cli.sh
data=$root/tests/data

# flows INPUT...: what every export keeps, sorted
flows() {
	"$FLOWFIG" cut -q --fields=sIP,dIP,sPort,dPort,pro,packets,bytes,sTime,duration \
		--no-titles "$@" | sort
}

# capture FILE PORT COMMAND...: what the command sends to the port of this machine; false if it
# could not be captured
capture() {
	file=$1
	port=$2
	shift 2
	timeout 20 tcpdump -i lo -U -w - "udp dst port $port" >"$file" 2>tcpdump.log &
	tcpdump=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		grep -q listening tcpdump.log 2>/dev/null && break
		sleep 0.2
	done
	timeout 10 "$@" >sent.log 2>&1
	sleep 1
	kill -INT $tcpdump 2>/dev/null && wait $tcpdump
	[ -s "$file" ] && [ "$(wc -c <"$file")" -gt 24 ]
}
may() { command -v tcpdump >/dev/null && command -v "$1" >/dev/null && [ "$(id -u)" -eq 0 ]; }

if may nfreplay; then
	flows --protocol=6 "$data/nfdump/layout2" >stored
	for version in 5 9; do
		capture v$version.pcap 2"$version"055 nfreplay -r "$data/nfdump/layout2" -H 127.0.0.1 \
			-p 2"$version"055 -v $version || continue
		ff 0 info v$version.pcap
		says out 'format: netflow' "NetFlow v$version in a pcap capture"
		flows --protocol=6 v$version.pcap >replayed
		[ -s replayed ] || fail "nothing of what nfreplay sent as v$version"
		[ -z "$(comm -13 stored replayed)" ] || fail "v$version is not what nfreplay sent"
	done
fi
[ -d "$FF_SHARED/data" ] || finish
cd "$FF_SHARED/data" || exit 1
flows slips/test1-malicious.nfdump >"$here/stored"
for version in 5 9; do
	flows derived-netflow/nfreplay_ctu_v$version.pcap >"$here/replayed"
	same "$here/stored" "$here/replayed"
done
flows --ip-version=4 nfdump-chrispassas/nfcapd.sample >"$here/stored"
flows derived-netflow/nfreplay_sample_v5.pcap >"$here/replayed"
same "$here/stored" "$here/replayed"
# the same traffic in all versions; the meter tells of itself in two of them
for version in v5 v9 ipfix; do
	ff 0 info --count derived-netflow/sf_utica_$version.pcap
	says out 'records: 706'
done
# devices whose templates are in files of their own, against what tshark reads of them
devices() {
	records=$1
	shift
	(cd netflow-device-datagrams && cat "$@") >"$here/device"
	ff "${status:-0}" info --count "$here/device"
	says out "records: $records"
}
devices 46 ipfix_test_mikrotik_tpl.dat ipfix_test_mikrotik_data258.dat ipfix_test_mikrotik_data259.dat
devices 26 ipfix_test_openbsd_pflow_data.dat ipfix_test_openbsd_pflow_tpl.dat
devices 5 ipfix_test_vmware_vds_tpl.dat ipfix_test_vmware_vds_data264.dat \
	ipfix_test_vmware_vds_data266.dat ipfix_test_vmware_vds_data266_267.dat
devices 8 ipfix_test_procera_tpl52935.dat ipfix_test_procera_data52935.dat
devices 14 netflow9_test_cisco_asa_1_tpl.dat netflow9_test_cisco_asa_1_data.dat
devices 21 netflow9_test_cisco_asr9k_data260.dat netflow9_test_cisco_asr9k_tpl260.dat
devices 1 netflow9_test_h3c_netstream_varstring_tpl3281.dat \
	netflow9_test_h3c_netstream_varstring_data3281.dat
devices 1 netflow9_test_paloalto_81_tpl256-263.dat \
	netflow9_test_paloalto_81_data257_1flowset_in_large_zerofilled_packet.dat
devices 17 netflow9_test_fortigate_fortios_542_appid_tpl258-269.dat \
	netflow9_test_fortigate_fortios_542_appid_data258_262.dat
devices 29 netflow9_test_macaddr_tpl.dat netflow9_test_macaddr_data.dat
cd "$here" || exit 1
finish
