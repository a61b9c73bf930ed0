/* SPDX-License-Identifier: MIT */
/* zeek_json - Zeek's log as JSON, one object a line: with the dots of Zeek's own names
 * ("id.orig_h") or, as some shippers want it, with underscores ("id_orig_h"). */
#include "input/text_json.h"
#include "input/zeek.h"

#include <string.h>

/* Lines of other logs that stand between those of connections, as streams of all logs
 * have them. */
static bool json_is_conn(const json_t *o)
{
	static const char *const paths[] = {"_path", "@stream", "_stream"};
	static const char *const own[] = {"conn_state", "history", "orig_pkts",
					  "resp_pkts", "orig_ip_bytes"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const char *path = json_string_value(json_object_get(o, paths[i]));

		if (path && strcmp(path, "conn") != 0)
			return false;
	}
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (json_object_get(o, own[i]))
			return true;
	return false;
}

static int json_port(uint16_t *out, struct ff_flow *f, unsigned field, const json_t *o,
		     const char *key, char why[TEXT_WHY])
{
	uint64_t v;
	int rc = text_json_number(&v, UINT16_MAX, o, key, why);

	if (rc > 0) {
		*out = (uint16_t)v;
		f->present |= FF_BIT(field);
	}
	return rc;
}

static int json_ends(struct ff_flow *f, const json_t *o, char why[TEXT_WHY])
{
	static const char *const names[2][4] = {
		{"id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"},
		{"id_orig_h", "id_orig_p", "id_resp_h", "id_resp_p"},
	};
	const char *const *n = names[!json_object_get(o, names[0][0])];
	int sip = text_json_addr(&f->sip, &f->is_v6_record, o, n[0], why);
	int dip = sip > 0 ? text_json_addr(&f->dip, &f->is_v6_record, o, n[2], why) : -1;

	if (sip == 0 || dip == 0)
		text_why(why, sip ? n[2] : n[0], "", 0);
	if (sip <= 0 || dip <= 0 || json_port(&f->sport, f, FF_SPORT, o, n[1], why) < 0 ||
	    json_port(&f->dport, f, FF_DPORT, o, n[3], why) < 0)
		return -1;
	f->present |= FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
	return 0;
}

static int json_times(struct ff_flow *f, const json_t *o, char why[TEXT_WHY])
{
	int64_t duration = 0;
	int rc = text_json_time(&f->start_ns, o, "ts", why);

	if (rc <= 0) {
		if (rc == 0)
			text_why(why, "ts", "", 0);
		return -1;
	}
	f->present |= FF_BIT(FF_STIME);
	f->end_ns = f->start_ns;
	rc = text_json_duration(&duration, o, "duration", why);
	if (rc <= 0)
		return rc;
	if (duration > 0 ? f->start_ns > INT64_MAX - duration
			 : f->start_ns < INT64_MIN - duration) {
		text_why(why, "duration", "", 0);
		return -1;
	}
	f->end_ns = f->start_ns + duration;
	f->present |= FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME);
	return 0;
}

static int json_side(struct zeek_side *s, const json_t *o, const char *packets,
		     const char *ip_bytes, const char *bytes, const char *local,
		     char why[TEXT_WHY])
{
	const json_t *is_local = json_object_get(o, local);
	int npackets = text_json_number(&s->packets, UINT64_MAX, o, packets, why);
	int nbytes = text_json_number(&s->bytes, UINT64_MAX, o, ip_bytes, why);

	if (nbytes == 0)
		nbytes = text_json_number(&s->bytes, UINT64_MAX, o, bytes, why);
	s->has_packets = npackets > 0;
	s->has_bytes = nbytes > 0;
	s->local = json_is_boolean(is_local) ? json_is_true(is_local) : -1;
	return npackets < 0 || nbytes < 0 ? -1 : 0;
}

static int json_conn(struct ff_flow f[TEXT_LINE_FLOWS], const json_t *o,
		     char why[TEXT_WHY])
{
	struct zeek_conn z = {0};
	uint64_t ip_proto = 0;
	int rc;

	if (json_ends(f, o, why) < 0 || json_times(f, o, why) < 0 ||
	    text_json_word(&z.proto, o, "proto", why) < 0 ||
	    text_json_word(&z.history, o, "history", why) < 0 ||
	    json_side(&z.side[ZEEK_ORIG], o, "orig_pkts", "orig_ip_bytes", "orig_bytes",
		      "local_orig", why) < 0 ||
	    json_side(&z.side[ZEEK_RESP], o, "resp_pkts", "resp_ip_bytes", "resp_bytes",
		      "local_resp", why) < 0)
		return -1;
	rc = text_json_number(&ip_proto, UINT8_MAX, o, "ip_proto", why);
	if (rc < 0)
		return -1;
	z.has_ip_proto = rc > 0;
	z.ip_proto = (uint8_t)ip_proto;
	return zeek_flows(&z, f, why);
}

static int json_line(const struct text_input *t, struct text_cursor *c,
		     struct ff_flow f[TEXT_LINE_FLOWS], const char *line, const char *eol,
		     char why[TEXT_WHY])
{
	json_t *o;
	int rc = text_json_line(&o, line, eol, why);

	(void)t;
	(void)c;
	if (rc < 0)
		return rc;
	rc = json_is_conn(o) ? json_conn(f, o, why) : 0;
	json_decref(o);
	return rc;
}

const struct text_dialect zeek_json = {
	.name = "zeek",
	.line = json_line,
	.carries = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) |
		   FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) | FF_BIT(FF_STIME) |
		   FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME) | ZEEK_PROTO_GIVES |
		   ZEEK_HISTORY_GIVES,
};
