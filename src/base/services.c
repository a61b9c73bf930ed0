/* SPDX-License-Identifier: MIT */
/* Names of ports and protocols. The commonest are compiled in, from IANA's registries, so
 * that small machines know them and that figures of them are the same everywhere; the
 * names of other ports come from the system's services database. */
#include <flowfig/base.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define SERVICE_TCP 6
#define SERVICE_UDP 17

enum { FOR_TCP = 1, FOR_UDP = 2, FOR_BOTH = 3 };

/* By port, then transport. Where the registry's name is not what people call it, theirs.
 */
static const struct service {
	uint16_t port;
	uint8_t transports;
	const char *name;
} services[] = {
	{7, FOR_BOTH, "echo"},
	{19, FOR_BOTH, "chargen"},
	{20, FOR_TCP, "ftp-data"},
	{21, FOR_TCP, "ftp"},
	{22, FOR_TCP, "ssh"},
	{23, FOR_TCP, "telnet"},
	{25, FOR_TCP, "smtp"},
	{53, FOR_BOTH, "domain"},
	{67, FOR_UDP, "bootps"},
	{68, FOR_UDP, "bootpc"},
	{69, FOR_UDP, "tftp"},
	{80, FOR_TCP, "http"},
	{88, FOR_BOTH, "kerberos"},
	{110, FOR_TCP, "pop3"},
	{111, FOR_BOTH, "sunrpc"},
	{119, FOR_TCP, "nntp"},
	{123, FOR_UDP, "ntp"},
	{135, FOR_TCP, "epmap"},
	{137, FOR_UDP, "netbios-ns"},
	{138, FOR_UDP, "netbios-dgm"},
	{139, FOR_TCP, "netbios-ssn"},
	{143, FOR_TCP, "imap"},
	{161, FOR_UDP, "snmp"},
	{162, FOR_UDP, "snmp-trap"},
	{179, FOR_TCP, "bgp"},
	{389, FOR_BOTH, "ldap"},
	{443, FOR_BOTH, "https"},
	{445, FOR_TCP, "microsoft-ds"},
	{465, FOR_TCP, "submissions"},
	{500, FOR_UDP, "isakmp"},
	{514, FOR_UDP, "syslog"},
	{515, FOR_TCP, "printer"},
	{546, FOR_UDP, "dhcpv6-client"},
	{547, FOR_UDP, "dhcpv6-server"},
	{554, FOR_TCP, "rtsp"},
	{587, FOR_TCP, "submission"},
	{631, FOR_BOTH, "ipp"},
	{636, FOR_TCP, "ldaps"},
	{853, FOR_BOTH, "domain-s"},
	{873, FOR_TCP, "rsync"},
	{993, FOR_TCP, "imaps"},
	{995, FOR_TCP, "pop3s"},
	{1080, FOR_TCP, "socks"},
	{1194, FOR_BOTH, "openvpn"},
	{1433, FOR_TCP, "ms-sql-s"},
	{1434, FOR_UDP, "ms-sql-m"},
	{1521, FOR_TCP, "oracle"},
	{1701, FOR_UDP, "l2tp"},
	{1723, FOR_TCP, "pptp"},
	{1812, FOR_UDP, "radius"},
	{1883, FOR_TCP, "mqtt"},
	{1900, FOR_UDP, "ssdp"},
	{2049, FOR_BOTH, "nfs"},
	{2222, FOR_TCP, "ssh-alt"},
	{2323, FOR_TCP, "telnet-alt"},
	{3128, FOR_TCP, "squid"},
	{3306, FOR_TCP, "mysql"},
	{3389, FOR_BOTH, "ms-wbt-server"},
	{3478, FOR_BOTH, "stun"},
	{3702, FOR_UDP, "ws-discovery"},
	{4500, FOR_UDP, "ipsec-nat-t"},
	{5060, FOR_BOTH, "sip"},
	{5222, FOR_TCP, "xmpp-client"},
	{5353, FOR_UDP, "mdns"},
	{5355, FOR_UDP, "llmnr"},
	{5432, FOR_TCP, "postgresql"},
	{5555, FOR_TCP, "adb"},
	{5672, FOR_TCP, "amqp"},
	{5900, FOR_TCP, "vnc"},
	{6379, FOR_TCP, "redis"},
	{6667, FOR_TCP, "irc"},
	{8080, FOR_TCP, "http-alt"},
	{8443, FOR_TCP, "https-alt"},
	{9200, FOR_TCP, "elasticsearch"},
	{11211, FOR_BOTH, "memcache"},
	{27017, FOR_TCP, "mongodb"},
	{51820, FOR_UDP, "wireguard"},
};

static const struct protocol {
	uint8_t number;
	const char *name;
} protocols[] = {
	{0, "HOPOPT"},	  {1, "ICMP"},	       {2, "IGMP"},	   {4, "IPv4"},
	{6, "TCP"},	  {8, "EGP"},	       {9, "IGP"},	   {17, "UDP"},
	{33, "DCCP"},	  {41, "IPv6"},	       {43, "IPv6-Route"}, {44, "IPv6-Frag"},
	{46, "RSVP"},	  {47, "GRE"},	       {50, "ESP"},	   {51, "AH"},
	{58, "ICMPv6"},	  {59, "IPv6-NoNxt"},  {60, "IPv6-Opts"},  {88, "EIGRP"},
	{89, "OSPF"},	  {94, "IPIP"},	       {97, "EtherIP"},	   {103, "PIM"},
	{108, "IPComp"},  {112, "VRRP"},       {115, "L2TP"},	   {132, "SCTP"},
	{136, "UDPLite"}, {137, "MPLS-in-IP"},
};

static int service_compare(const void *key, const void *row)
{
	return *(const int *)key - ((const struct service *)row)->port;
}

static int service_compare_protocol(const void *key, const void *row)
{
	return *(const int *)key - ((const struct protocol *)row)->number;
}

/* The C library keeps one answer for all threads. */
static void service_ask_system(char *buf, size_t cap, unsigned port,
			       const char *transport)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	const struct servent *found;

	pthread_mutex_lock(&lock);
	found = getservbyport(htons((uint16_t)port), transport);
	if (found && found->s_name)
		snprintf(buf, cap, "%s", found->s_name);
	pthread_mutex_unlock(&lock);
}

char *ff_service_name(char *buf, size_t cap, unsigned port, unsigned protocol)
{
	int key = (int)port;
	unsigned transport = protocol == SERVICE_TCP   ? FOR_TCP
			     : protocol == SERVICE_UDP ? FOR_UDP
						       : FOR_BOTH;
	const struct service *known =
		bsearch(&key, services, sizeof(services) / sizeof(services[0]),
			sizeof(services[0]), service_compare);

	if (cap == 0)
		return buf;
	buf[0] = '\0';
	if (port > UINT16_MAX || (protocol && transport == FOR_BOTH))
		return buf;
	if (known && (known->transports & transport))
		snprintf(buf, cap, "%s", known->name);
	if (!buf[0] && (transport & FOR_TCP))
		service_ask_system(buf, cap, port, "tcp");
	if (!buf[0] && (transport & FOR_UDP))
		service_ask_system(buf, cap, port, "udp");
	return buf;
}

char *ff_protocol_name(char *buf, size_t cap, unsigned protocol)
{
	int key = protocol > UINT8_MAX ? -1 : (int)protocol;
	const struct protocol *known =
		bsearch(&key, protocols, sizeof(protocols) / sizeof(protocols[0]),
			sizeof(protocols[0]), service_compare_protocol);

	if (cap > 0)
		snprintf(buf, cap, "%s", known ? known->name : "");
	return buf;
}
