/* SPDX-License-Identifier: MIT */
/* option - the selection switches: one row each serves parsing, help and the predicate.
 *
 * Names and meanings are rwfilter's (SiLK 3.19), so that a command an analyst has can be
 * pasted and its counts hold. Where rwfilter's meaning is a trap it is kept and the help
 * says so:
 *   - a single --stime, --etime or --active-time is one millisecond;
 *   - --ack-flag=1 and its sisters join the pairs of --flags-all, of which any may hold;
 *   - --class alone takes the class's default types, not all of them;
 *   - port switches have no protocol test: they see ICMP type * 256 + code, and 0.
 * Where keeping it would hide an error, flowfig departs from it:
 *   - a field that a flow does not carry is an error, not a zero;
 *   - --duration=1.001 is 1001 ms; in rwfilter's binary arithmetic it falls to 1000;
 *   - a flow without packets never passes --bytes-per-packet, and one that ends before it
 *     starts never passes --duration;
 *   - switches with names work without a site file on what the input itself names;
 *   - an IPv6 address in a database of IPv4 alone has no country, and passes --scc=--;
 *   - --from and --to are exact, half open, and take a date as its first instant. */
#include <stdio.h>
#include <string.h>
#include <stdarg.h>

#include "select/predicate.h"

static int option_set(void *params, const char *name, const char *value,
		      struct ff_err *err)
{
	return ff_select_set(params, name, value, err);
}

/* X(name, syntax, subject, arg, word for the value, help) */
#define ADDRESS_SWITCHES(X, side, subject, which)                      \
	X(side, PATTERN, subject, 0, "ADDRESS",                        \
	  "flows whose " which                                         \
	  " is in one address, CIDR block or wildcard (10.x.0-3.1,5)") \
	X("not-" side, PATTERN, subject, 0, "ADDRESS", "the opposite of --" side)
#define CIDR_SWITCHES(X, name, subject, which)                                 \
	X(name, CIDRS, subject, 0, "CIDR,...",                                 \
	  "flows whose " which " is in one of these addresses or CIDR blocks") \
	X("not-" name, CIDRS, subject, 0, "CIDR,...", "the opposite of --" name)
#define SET_SWITCHES(X, name, subject, which)                                            \
	X(name, SET, subject, 0, "FILE",                                                 \
	  "flows whose " which " is in a set of addresses: a SiLK IPset or a text list") \
	X("not-" name, SET, subject, 0, "FILE", "the opposite of --" name)
#define FLAG_SWITCH(X, name, flag, help) X(name "-flag", BIT, ON_FLAGS, flag, "0|1", help)

#define SELECT_SWITCHES(X)                                                               \
	X("inside", INSIDE, ON_INSIDE, 0, "CIDR,...|FILE",                               \
	  "the monitored network, by which flows are inbound, outbound, internal or "    \
	  "external")                                                                    \
	X("from", TIME, ON_FROM_TO, 0, "TIME",                                           \
	  "flows that start at TIME or later; a date is its first instant")              \
	X("to", TIME, ON_FROM_TO, 0, "TIME",                                             \
	  "flows that start before TIME; --to=2024/01/05 ends as that day begins")       \
	X("protocol", LIST, ON_PROTOCOL, 255, "LIST",                                    \
	  "flows of these protocols: numbers and ranges such as 6,17,50-")               \
	X("sport", LIST, ON_SPORT, 65535, "LIST",                                        \
	  "flows from these ports, of any protocol")                                     \
	X("dport", LIST, ON_DPORT, 65535, "LIST",                                        \
	  "flows to these ports, of any protocol; ICMP counts as type * 256 + code")     \
	X("aport", LIST, ON_APORT, 65535, "LIST", "flows from or to these ports")        \
	ADDRESS_SWITCHES(X, "saddress", ON_SIP, "source")                                \
	ADDRESS_SWITCHES(X, "daddress", ON_DIP, "destination")                           \
	ADDRESS_SWITCHES(X, "any-address", ON_ANY_ADDRESS, "source or destination")      \
	ADDRESS_SWITCHES(X, "next-hop-id", ON_NHIP, "next hop")                          \
	CIDR_SWITCHES(X, "scidr", ON_SIP, "source")                                      \
	CIDR_SWITCHES(X, "dcidr", ON_DIP, "destination")                                 \
	CIDR_SWITCHES(X, "any-cidr", ON_ANY_ADDRESS, "source or destination")            \
	CIDR_SWITCHES(X, "nhcidr", ON_NHIP, "next hop")                                  \
	SET_SWITCHES(X, "sipset", ON_SIP, "source")                                      \
	SET_SWITCHES(X, "dipset", ON_DIP, "destination")                                 \
	SET_SWITCHES(X, "anyset", ON_ANY_ADDRESS, "source or destination")               \
	SET_SWITCHES(X, "nhipset", ON_NHIP, "next hop")                                  \
	X("packets", COUNT, ON_PACKETS, 0, "RANGE",                                      \
	  "flows of so many packets: N, N-M or N-")                                      \
	X("bytes", COUNT, ON_BYTES, 0, "RANGE", "flows of so many bytes: N, N-M or N-")  \
	X("bytes-per-packet", RATIO, ON_RATIO, 0, "RANGE",                               \
	  "flows of so many bytes per packet, decimals allowed")                         \
	X("duration", SECONDS, ON_DURATION, 0, "RANGE",                                  \
	  "flows that last so many seconds, to the millisecond: N, N-M or N-")           \
	X("stime", SPAN, ON_STIME, 0, "TIME-TIME",                                       \
	  "flows that start within, both ends included (2024/01/05-2024/01/05 is one "   \
	  "day); one "                                                                   \
	  "TIME alone is one millisecond")                                               \
	X("etime", SPAN, ON_ETIME, 0, "TIME-TIME",                                       \
	  "flows that end within, as for --stime")                                       \
	X("active-time", SPAN, ON_ACTIVE, 0, "TIME-TIME",                                \
	  "flows that are under way at any moment within, as for --stime")               \
	X("flags-all", PAIRS, ON_FLAGS, 0, "HIGH/MASK,...",                              \
	  "flows whose TCP flags within MASK are exactly HIGH, for any of the pairs: "   \
	  "S/SA; may "                                                                   \
	  "be repeated")                                                                 \
	X("flags-initial", PAIRS, ON_INITIAL, 0, "HIGH/MASK,...",                        \
	  "the same on the flags of the first packet")                                   \
	X("flags-session", PAIRS, ON_SESSION, 0, "HIGH/MASK,...",                        \
	  "the same on the flags of all packets but the first")                          \
	FLAG_SWITCH(X, "syn", FF_SYN,                                                    \
		    "flows with (1) or without (0) the SYN flag; all of these switches " \
		    "make one pair of --flags-all")                                      \
	FLAG_SWITCH(X, "ack", FF_ACK, "the same for the ACK flag")                       \
	FLAG_SWITCH(X, "fin", FF_FIN, "the same for the FIN flag")                       \
	FLAG_SWITCH(X, "rst", FF_RST, "the same for the RST flag")                       \
	FLAG_SWITCH(X, "psh", FF_PSH, "the same for the PSH flag")                       \
	FLAG_SWITCH(X, "urg", FF_URG, "the same for the URG flag")                       \
	FLAG_SWITCH(X, "ece", FF_ECE, "the same for the ECE flag")                       \
	FLAG_SWITCH(X, "cwr", FF_CWR, "the same for the CWR flag")                       \
	X("tcp-flags", LETTERS, ON_TCP_FLAGS, 0, "FLAGS",                                \
	  "flows with any of these TCP flags, of FSRPAUEC")                              \
	X("attributes", PAIRS, ON_ATTRIBUTES, 0, "HIGH/MASK,...",                        \
	  "flows whose attributes within MASK are exactly HIGH, of STCF")                \
	X("icmp-type", LIST, ON_ICMP_TYPE, 255, "LIST",                                  \
	  "ICMP and ICMPv6 flows of these types")                                        \
	X("icmp-code", LIST, ON_ICMP_CODE, 255, "LIST",                                  \
	  "ICMP and ICMPv6 flows of these codes")                                        \
	X("ip-version", VERSION, ON_VERSION, 0, "4|6",                                   \
	  "flows stored as IPv4 or as IPv6")                                             \
	X("application", LIST, ON_APPLICATION, 65535, "LIST",                            \
	  "flows of these applications, as the collector guessed them")                  \
	X("input-index", LIST, ON_IN, 65535, "LIST",                                     \
	  "flows that came in by these interfaces")                                      \
	X("output-index", LIST, ON_OUT, 65535, "LIST",                                   \
	  "flows that left by these interfaces")                                         \
	X("any-index", LIST, ON_ANY_INDEX, 65535, "LIST",                                \
	  "flows that came in or left by these")                                         \
	X("scc", CODES, ON_SCC, 0, "CC,...",                                             \
	  "flows from these countries: codes of ISO 3166 such as de,FR, and -- where "   \
	  "none is known; needs a database: see --geo")                                  \
	X("dcc", CODES, ON_DCC, 0, "CC,...", "flows to these countries")                 \
	X("any-cc", CODES, ON_ANY_CC, 0, "CC,...", "flows from or to these countries")   \
	X("class", NAMES, ON_FLOWTYPE, 0, "CLASS,...",                                   \
	  "flows of these classes; without --type only of their default types")          \
	X("type", NAMES, ON_FLOWTYPE, 0, "TYPE,...",                                     \
	  "flows of these types of the class, or all")                                   \
	X("flowtypes", NAMES, ON_FLOWTYPE, 0, "CLASS/TYPE,...",                          \
	  "flows of these types of these classes; all/all is every type")                \
	X("sensors", NAMES, ON_SENSOR, 0, "SENSOR,...",                                  \
	  "flows of these sensors, by name, number or range of numbers")

#define SWITCH_ROW(name, syntax, subject, arg, word, help) \
	{name, SYNTAX_##syntax, subject, arg},
#define OPTION_ROW(name_, syntax, subject, arg_, word, help_) \
	{.name = name_,                                       \
	 .kind = FF_OPT_CALL,                                 \
	 .arg = word,                                         \
	 .help = help_,                                       \
	 .set = option_set},

const struct select_switch select_switches[] = {SELECT_SWITCHES(SWITCH_ROW)};
const size_t select_switch_count = sizeof(select_switches) / sizeof(select_switches[0]);
_Static_assert(sizeof(select_switches) / sizeof(select_switches[0]) <=
		       SELECT_SWITCHES_MAX,
	       "SELECT_SWITCHES_MAX is too small");

const struct ff_opt ff_select_opt_table[] = {
	SELECT_SWITCHES(OPTION_ROW)
	/* rwfilter takes any beginning of --sensors; this one is in everybody's fingers
	 */
	{.name = "sensor",
	 .kind = FF_OPT_CALL,
	 .arg = "SENSOR,...",
	 .help = "another name of --sensors",
	 .set = option_set},
	{.name = NULL},
};

ptrdiff_t select_switch_find(const char *name)
{
	if (strcmp(name, "sensor") == 0)
		name = "sensors";
	for (size_t i = 0; i < select_switch_count; i++)
		if (strcmp(select_switches[i].name, name) == 0)
			return (ptrdiff_t)i;
	return -1;
}

size_t select_slot(const char *name)
{
	return (size_t)select_switch_find(name);
}

bool select_given(const struct ff_select *s, const char *name)
{
	return s->words[select_slot(name)] != NULL;
}

int select_bad(struct ff_err *err, const char *name, const char *value, const char *fmt,
	       ...)
{
	char why[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	return ff_fail(err, FF_EUSAGE, "bad value '%.80s' for '--%s': %s", value, name,
		       why);
}
