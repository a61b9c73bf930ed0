# readers.awk - records a second of each format, and how that stands to its own tool. Variable:
# records, "NAME=COUNT ..." of the files.
END {
	close_file()
	title("silk", "SiLK, 52 bytes", "rwfilter")
	title("silk6", "SiLK, 88 bytes (cut)", "rwfilter")
	title("nfdump", "nfcapd", "nfdump -o null")
	title("ipfix", "IPFIX", "ipfixDump")
	title("pcap", "pcap (flows of two packets)", "tshark")
	title("csv", "CSV, ten columns", "wc -l")
	title("csv-all", "CSV, all columns (cut)", "wc -l")
	title("csv-gz", "CSV, gzip", "zcat, wc -l")
	title("rwcut", "rwcut text (cut)", "wc -l")
	title("zeek", "Zeek conn.log", "wc -l")
	title("argus", "Argus, ra -c ,", "wc -l")
	title("vpc", "VPC flow log", "wc -l")
	title("eve", "Suricata EVE", "wc -l")
	title("nfdump-csv", "nfdump -o csv", "wc -l")
	count = split(records, pairs, " ")
	for (i = 1; i <= count; i++) {
		split(pairs[i], pair, "=")
		of[pair[1]] = pair[2]
	}
	print "| format | records | 1 thread M/s | 2 threads M/s | CPU ns a record | its tool | M/s | 1 thread / tool |"
	print "|---|---:|---:|---:|---:|---|---:|---:|"
	for (i = 1; i <= titles; i++)
		row(shown[i])
	print "\n| target | measured | limit | |\n|---|---:|---:|---|"
	faster("times as fast as nfdump, nfcapd, 1 thread each", "nfdump-1", "nfdump-tool", 1)
	faster("times as fast as rwfilter, SiLK, 1 thread each", "silk-1", "silk-tool", 1)
	faster("times as fast as tshark, pcap, 1 thread each", "pcap-1", "pcap-tool", 1)
	noise()
}
function title(name, text, tool) {
	shown[++titles] = name
	texts[name] = text
	tools[name] = tool
}
function speed(name, n) { return name in wall ? sprintf("%.2f", n / wall[name] / 1e6) : "" }
function row(name,   n, other) {
	if (!(name in wall)) return
	n = of[name]
	other = name "-tool"
	printf "| %s | %d | %s | %s | %.0f | %s | %s | %s |\n", texts[name], n, speed(name "-1", n),
		speed(name, n), cpu[name "-1"] / n * 1e9, other in wall ? tools[name] : "", speed(other, n),
		other in wall ? sprintf("%.2f", wall[other] / wall[name "-1"]) : ""
}
