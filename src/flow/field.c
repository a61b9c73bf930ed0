/* SPDX-License-Identifier: MIT */
/* field - the table of fields: names, aliases, units, and values.
 *
 * Aliases are what other tools call the same quantity, in the same unit, in the header of
 * a table: SiLK, nfdump, Argus, Zeek, YAF and IPFIX, NetFlow v9, cloud flow logs, ECS,
 * Suricata, pmacct, GoFlow. A name that means another unit somewhere (durations in
 * microseconds), one direction of a biflow that has a more apt sister, or another thing
 * (AWS "type") is left out. */
#include <flowfig/flow.h>

#include <string.h>

const char *const ff_orient_names[FF_ORIENTS] = {"unknown", "inbound", "outbound",
						 "internal", "external"};

const struct ff_field_info ff_field_infos[FF_FIELDS] = {
	[FF_SIP] = {"sIP",
		    "srcip srcaddr srcaddress sourceip sourceaddr sourceaddress source "
		    "src sa saddr "
		    "ipsrc ipsource srchost idorigh origh sourceipv4address "
		    "sourceipv6address "
		    "ipv4srcaddr ipv6srcaddr srcipv4 srcipv6 sipv4 sipv6 clientip",
		    "", FF_KIND_ADDR, 128, "source address"},
	[FF_DIP] =
		{"dIP",
		 "dstip dstaddr dstaddress destip destaddr destinationip destinationaddr "
		 "destinationaddress destination dest dst da daddr ipdst ipdest dsthost "
		 "idresph "
		 "resph destinationipv4address destinationipv6address ipv4dstaddr "
		 "ipv6dstaddr "
		 "dstipv4 dstipv6 dipv4 dipv6 serverip",
		 "", FF_KIND_ADDR, 128, "destination address"},
	[FF_SPORT] = {"sPort",
		      "srcport sourceport sp spt srcpt portsrc idorigp origp "
		      "sourcetransportport "
		      "l4srcport tcpsrcport udpsrcport clientport",
		      "", FF_KIND_NUMBER, 16, "source port; 0 for ICMP"},
	[FF_DPORT] =
		{"dPort",
		 "dstport destport destinationport dp dpt dstpt dsport portdst idrespp "
		 "respp "
		 "destinationtransportport l4dstport tcpdstport udpdstport serverport",
		 "", FF_KIND_NUMBER, 16, "destination port; 0 for ICMP"},
	[FF_PROTOCOL] =
		{"protocol",
		 "proto pr prot prt ipprotocol ipproto protocolidentifier transport "
		 "networktransport networkiananumber protonum",
		 "", FF_KIND_NUMBER, 8, "IP protocol number"},
	[FF_PACKETS] =
		{"packets",
		 "pkts pkt pckts ipkt inpkts inpackets dpkts totpkts totalpackets "
		 "numpackets "
		 "npackets packetcount packetdeltacount packettotalcount networkpackets "
		 "flowpackets origpkts",
		 "packets", FF_KIND_NUMBER, 64, "packets"},
	[FF_BYTES] = {"bytes",
		      "byte byt octets ibyt inbytes doctets totbytes totalbytes numbytes "
		      "nbytes "
		      "bytecount octetdeltacount octettotalcount networkbytes flowbytes "
		      "origipbytes",
		      "bytes", FF_KIND_NUMBER, 64, "bytes with IP headers"},
	[FF_FLAGS] = {"flags", "flg tcpflags tcpflag tcpcontrolbits flagsall unionflags",
		      "", FF_KIND_FLAGS, 8, "TCP flags of all packets together"},
	[FF_STIME] = {"sTime",
		      "starttime start ts first firsttime firstseen firstswitched begin "
		      "begintime time "
		      "timestamp datetime timestart timestampstart timeflowstart tstart "
		      "flowstart "
		      "flowstarttime flowstartseconds flowstartmilliseconds eventstart "
		      "datefirstseen",
		      "s", FF_KIND_TIME, 64, "start time, UTC"},
	[FF_DURATION] = {"duration", "dur td durat durationsec durationseconds", "s",
			 FF_KIND_DURATION, 64, "duration"},
	[FF_ETIME] = {"eTime",
		      "endtime end te last lasttime lastseen lastswitched ltime timeend "
		      "timestampend "
		      "timeflowend tend flowend flowendtime flowendseconds "
		      "flowendmilliseconds "
		      "eventend datelastseen",
		      "s", FF_KIND_TIME, 64, "end time, UTC"},
	[FF_SENSOR] = {"sensor", "sen sensorname sensorid observationdomainid exporter",
		       "", FF_KIND_SENSOR, 16, "sensor, by name or number"},
	[FF_FLOWTYPE] = {"type", "flowtype silkflowtype", "", FF_KIND_FLOWTYPE, 8,
			 "type within the class, which tells the direction"},
	[FF_IN] = {"in",
		   "input inputif inif iniface ininterface inputsnmp ingressinterface "
		   "ingressif",
		   "", FF_KIND_NUMBER, 32,
		   "SNMP index of the interface that flows came in by"},
	[FF_OUT] = {"out",
		    "output outputif outif outiface outinterface outputsnmp "
		    "egressinterface egressif",
		    "", FF_KIND_NUMBER, 32,
		    "SNMP index of the interface that flows left by"},
	[FF_NHIP] = {"nhIP",
		     "nh nexthop nexthopip nexthopipv4 ipv4nexthop ipv6nexthop ipnexthop "
		     "ipnexthopipv4address ipnexthopipv6address routerip",
		     "", FF_KIND_ADDR, 128, "address of the next hop"},
	[FF_INITIAL_FLAGS] = {"initialFlags",
			      "initflags initialtcpflags firstflags iflags", "",
			      FF_KIND_FLAGS, 8, "TCP flags of the first packet"},
	[FF_SESSION_FLAGS] = {"sessionFlags",
			      "sessflags sessiontcpflags restflags uniontcpflags", "",
			      FF_KIND_FLAGS, 8, "TCP flags of all packets but the first"},
	[FF_ATTRIBUTES] = {"attributes", "attribute attribs attr flowattributes", "",
			   FF_KIND_ATTRIBUTES, 8,
			   "how the flow generator closed the flow"},
	[FF_APPLICATION] = {"application",
			    "app appid applabel silkapplabel applicationlabel", "",
			    FF_KIND_NUMBER, 16,
			    "port of the application guessed from the content"},
	[FF_ICMP_TYPE] = {"iType", "icmptype icmptypenum icmptypeipv4", "",
			  FF_KIND_NUMBER, 8, "ICMP type"},
	[FF_ICMP_CODE] = {"iCode", "icmpcode icmpcodenum icmpcodeipv4", "",
			  FF_KIND_NUMBER, 8, "ICMP code"},
};

#define FIELD_NAME_MAX 64 /* longer than any name and alias */

/* Letters and digits only, lower case: "id.orig_h", "Src IP", "%sa" become "idorigh",
 * "srcip", "sa". Returns the length, 0 when nothing is left or it is too long to be a
 * name. */
static size_t field_squeeze(char *out, const char *s, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		char c = s[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			continue;
		if (n + 1 == FIELD_NAME_MAX)
			return 0;
		out[n++] = c;
	}
	out[n] = 0;
	return n;
}

static bool field_has_alias(const char *aliases, const char *word, size_t len)
{
	const char *p = aliases;

	while (*p) {
		size_t n = strcspn(p, " ");

		if (n == len && memcmp(p, word, len) == 0)
			return true;
		p += n;
		p += strspn(p, " ");
	}
	return false;
}

int ff_field_find(const char *name, size_t len)
{
	char word[FIELD_NAME_MAX], own[FIELD_NAME_MAX];
	size_t n = field_squeeze(word, name, len);
	int i, found = -1, prefixes = 0;

	if (n == 0)
		return -1;
	for (i = 0; i < FF_FIELDS; i++) {
		const struct ff_field_info *f = &ff_field_infos[i];
		size_t own_len = field_squeeze(own, f->name, strlen(f->name));

		if (own_len == n && memcmp(own, word, n) == 0)
			return i;
		if (field_has_alias(f->aliases, word, n))
			return i;
		/* SiLK takes any unambiguous prefix; under three letters a foreign header
		 * would match by accident */
		if (n >= 3 && own_len > n && memcmp(own, word, n) == 0) {
			found = i;
			prefixes++;
		}
	}
	return prefixes == 1 ? found : -1;
}

uint64_t ff_field_value(const struct ff_flow *f, enum ff_field field)
{
	switch (field) {
	case FF_SPORT:
		return f->sport;
	case FF_DPORT:
		return f->dport;
	case FF_PROTOCOL:
		return f->protocol;
	case FF_PACKETS:
		return f->packets;
	case FF_BYTES:
		return f->bytes;
	case FF_FLAGS:
		return f->flags;
	case FF_STIME:
		return (uint64_t)f->start_ns;
	case FF_DURATION: /* unsigned, so that hostile times cannot overflow */
		return (uint64_t)f->end_ns - (uint64_t)f->start_ns;
	case FF_ETIME:
		return (uint64_t)f->end_ns;
	case FF_SENSOR:
		return f->sensor;
	case FF_FLOWTYPE:
		return f->flowtype;
	case FF_IN:
		return f->in;
	case FF_OUT:
		return f->out;
	case FF_INITIAL_FLAGS:
		return f->initial_flags;
	case FF_SESSION_FLAGS:
		return f->session_flags;
	case FF_ATTRIBUTES:
		return f->attributes;
	case FF_APPLICATION:
		return f->application;
	case FF_ICMP_TYPE:
		return f->icmp_type;
	case FF_ICMP_CODE:
		return f->icmp_code;
	case FF_SIP:
	case FF_DIP:
	case FF_NHIP:
	case FF_FIELDS:
		break;
	}
	return 0;
}
