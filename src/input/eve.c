/* SPDX-License-Identifier: MIT */
/* eve - EVE lines of Suricata. A "flow" event becomes a flow for each side that sent
 * something, a "netflow" event is a flow; other events tell of none. Bytes are those of
 * frames, as Suricata counts them. */
#include "input/text_json.h"

#include <string.h>

enum { EVE_HEAD = 1 << 16, EVE_ICMP = 1, EVE_TCP = 6, EVE_ICMPV6 = 58 };

/* Which events are read. Where both are logged they tell of the same traffic twice, and
 * they come together: the beginning of the file decides. */
enum { EVE_ANY, EVE_FLOW, EVE_NETFLOW };

/* ---- values ---- */

static int eve_port(uint16_t *out, struct ff_flow *f, unsigned field, const json_t *o,
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

static int eve_count(uint64_t *out, struct ff_flow *f, unsigned field, const json_t *o,
		     const char *key, char why[TEXT_WHY])
{
	int rc = text_json_number(out, UINT64_MAX, o, key, why);

	if (rc > 0)
		f->present |= FF_BIT(field);
	return rc;
}

/* Hexadecimal without a mark: "1b". */
static int eve_flags(struct ff_flow *f, const json_t *o, const char *key,
		     char why[TEXT_WHY])
{
	struct text_cell word;
	char text[8] = "0x";
	uint64_t v;
	int rc = text_json_word(&word, o, key, why);

	if (rc <= 0)
		return rc;
	if (word.len == 0 || word.len > 4) {
		text_why(why, key, word.s, word.len);
		return -1;
	}
	memcpy(text + 2, word.s, word.len);
	if (!text_cell_uint(&v, UINT8_MAX, text, word.len + 2)) {
		text_why(why, key, word.s, word.len);
		return -1;
	}
	f->flags = (uint8_t)v;
	f->present |= FF_BIT(FF_FLAGS);
	return 1;
}

static int eve_icmp(struct ff_flow *f, const json_t *o, const char *type_key,
		    const char *code_key, char why[TEXT_WHY])
{
	uint64_t type, code;
	int t = text_json_number(&type, UINT8_MAX, o, type_key, why);
	int c = text_json_number(&code, UINT8_MAX, o, code_key, why);

	if (t < 0 || c < 0)
		return -1;
	f->sport = f->dport = 0;
	if (t > 0 && c > 0) {
		f->icmp_type = (uint8_t)type;
		f->icmp_code = (uint8_t)code;
		f->present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	}
	return 0;
}

static bool eve_is_icmp(const struct ff_flow *f)
{
	return f->protocol == EVE_ICMP || f->protocol == EVE_ICMPV6;
}

/* ---- what both kinds of event have ---- */

static int eve_ends(struct ff_flow *f, const json_t *o, char why[TEXT_WHY])
{
	struct text_cell proto = {0};
	int sip = text_json_addr(&f->sip, &f->is_v6_record, o, "src_ip", why);
	int dip = sip > 0 ? text_json_addr(&f->dip, &f->is_v6_record, o, "dest_ip", why)
			  : -1;

	if (sip == 0 || dip == 0)
		text_why(why, sip ? "dest_ip" : "src_ip", "", 0);
	if (sip <= 0 || dip <= 0 ||
	    eve_port(&f->sport, f, FF_SPORT, o, "src_port", why) < 0 ||
	    eve_port(&f->dport, f, FF_DPORT, o, "dest_port", why) < 0 ||
	    text_json_word(&proto, o, "proto", why) < 0)
		return -1;
	f->present |= FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
	if (proto.len == 0)
		return 0;
	if (!text_cell_protocol(&f->protocol, proto.s, proto.len)) {
		text_why(why, "proto", proto.s, proto.len);
		return -1;
	}
	f->present |= FF_BIT(FF_PROTOCOL);
	return 0;
}

static int eve_times(struct ff_flow *f, const json_t *part, char why[TEXT_WHY])
{
	int start = text_json_time(&f->start_ns, part, "start", why);
	int end = text_json_time(&f->end_ns, part, "end", why);

	if (start == 0)
		text_why(why, "start", "", 0);
	if (start <= 0 || end < 0)
		return -1;
	f->present |= FF_BIT(FF_STIME);
	if (end > 0)
		f->present |= FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION);
	else
		f->end_ns = f->start_ns;
	return 0;
}

/* The name of the sensor that saw it. */
static int eve_sensor(struct text_cursor *c, struct ff_flow *f, const json_t *o,
		      char why[TEXT_WHY])
{
	struct text_cell host;
	int rc = text_json_word(&host, o, "host", why);

	if (rc > 0 && !text_cell_any(c, f, FF_SENSOR, host.s, host.len)) {
		text_why(why, "host", host.s, host.len);
		return -1;
	}
	return rc;
}

/* ---- events ---- */

static int eve_side(struct ff_flow *f, const json_t *o, const json_t *part,
		    const char *pkts, const char *bytes, const char *flags,
		    char why[TEXT_WHY])
{
	if (eve_count(&f->packets, f, FF_PACKETS, part, pkts, why) < 0 ||
	    eve_count(&f->bytes, f, FF_BYTES, part, bytes, why) < 0)
		return -1;
	return f->protocol == EVE_TCP
		       ? eve_flags(f, json_object_get(o, "tcp"), flags, why)
		       : 0;
}

static int eve_flow(struct ff_flow f[TEXT_LINE_FLOWS], const json_t *o,
		    const json_t *part, char why[TEXT_WHY])
{
	bool answered;

	text_reverse(&f[1], &f[0]);
	if (eve_side(&f[0], o, part, "pkts_toserver", "bytes_toserver", "tcp_flags_ts",
		     why) < 0 ||
	    eve_side(&f[1], o, part, "pkts_toclient", "bytes_toclient", "tcp_flags_tc",
		     why) < 0)
		return -1;
	if (eve_is_icmp(f) &&
	    (eve_icmp(&f[0], o, "icmp_type", "icmp_code", why) < 0 ||
	     eve_icmp(&f[1], o, "response_icmp_type", "response_icmp_code", why) < 0))
		return -1;
	answered = f[1].packets > 0 || f[1].bytes > 0;
	/* picked up in the middle, only the server was heard */
	if (answered && (f[0].present & FF_BIT(FF_PACKETS)) && f[0].packets == 0) {
		f[0] = f[1];
		return 1;
	}
	return 1 + answered;
}

static int eve_netflow(struct ff_flow f[TEXT_LINE_FLOWS], const json_t *o,
		       const json_t *part, char why[TEXT_WHY])
{
	if (eve_side(&f[0], o, part, "pkts", "bytes", "tcp_flags", why) < 0)
		return -1;
	if (eve_is_icmp(f) && eve_icmp(&f[0], o, "icmp_type", "icmp_code", why) < 0)
		return -1;
	return 1;
}

static int eve_event(const struct text_input *t, struct text_cursor *c,
		     struct ff_flow f[TEXT_LINE_FLOWS], const json_t *o,
		     char why[TEXT_WHY])
{
	struct text_cell type = {0};
	const json_t *part;
	bool is_flow;
	int rc = text_json_word(&type, o, "event_type", why);

	if (rc <= 0) {
		if (rc == 0)
			text_why(why, "event_type", "", 0);
		return -1;
	}
	is_flow = type.len == 4 && memcmp(type.s, "flow", 4) == 0;
	if (!is_flow && !(type.len == 7 && memcmp(type.s, "netflow", 7) == 0))
		return 0;
	if (t->mode == (is_flow ? EVE_NETFLOW : EVE_FLOW))
		return 0;
	part = json_object_get(o, is_flow ? "flow" : "netflow");
	if (eve_ends(f, o, why) < 0 || eve_times(f, part, why) < 0 ||
	    eve_sensor(c, f, o, why) < 0)
		return -1;
	return is_flow ? eve_flow(f, o, part, why) : eve_netflow(f, o, part, why);
}

/* Other events can be told without being parsed, which takes most of the time: a quoted
 * word before a colon is a key wherever it stands. */
static bool eve_is_other(const char *line, const char *eol)
{
	const uint8_t *head = (const uint8_t *)line;
	size_t len = (size_t)(eol - line);

	return len > 0 && line[0] == '{' && eol[-1] == '}' &&
	       text_json_has(head, len, "event_type", NULL) &&
	       !text_json_has(head, len, "event_type", "flow") &&
	       !text_json_has(head, len, "event_type", "netflow");
}

static int eve_line(const struct text_input *t, struct text_cursor *c,
		    struct ff_flow f[TEXT_LINE_FLOWS], const char *line, const char *eol,
		    char why[TEXT_WHY])
{
	json_t *o;
	int rc;

	if (eve_is_other(line, eol))
		return 0;
	rc = text_json_line(&o, line, eol, why);
	if (rc < 0)
		return rc;
	rc = eve_event(t, c, f, o, why);
	json_decref(o);
	return rc;
}

/* ---- the beginning ---- */

static int eve_header(struct text_input *t, const struct ff_input_opts *o,
		      struct ff_err *err)
{
	const uint8_t *head;
	ptrdiff_t n = ff_stream_peek(t->in, &head, EVE_HEAD, err);

	(void)o;
	if (n < 0)
		return (int)n;
	if (text_json_has(head, (size_t)n, "event_type", "flow"))
		t->mode = EVE_FLOW;
	else if (text_json_has(head, (size_t)n, "event_type", "netflow"))
		t->mode = EVE_NETFLOW;
	return FF_OK;
}

static const struct text_dialect eve_dialect = {
	.name = "eve",
	.header = eve_header,
	.line = eve_line,
	.carries = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) |
		   FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) |
		   FF_BIT(FF_FLAGS) | FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) |
		   FF_BIT(FF_ETIME) | FF_BIT(FF_SENSOR) | FF_BIT(FF_ICMP_TYPE) |
		   FF_BIT(FF_ICMP_CODE),
};

/* ---- the reader ---- */

static int eve_probe(const uint8_t *head, size_t len)
{
	if (len == 0 || head[0] != '{' || !text_looks(head, len) ||
	    !text_json_has(head, len, "event_type", NULL))
		return 0;
	return text_json_has(head, len, "timestamp", NULL) ? 95 : 45;
}

static int eve_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		    struct ff_err *err)
{
	return text_open(self, &eve_dialect, in, o, err);
}

static int eve_describe(void *self, struct ff_input_info *info, struct ff_err *err)
{
	static const char *const modes[] = {"flow and netflow", "flow", "netflow"};
	const struct text_input *t = self;
	int rc = text_describe(self, info, err);

	if (rc < 0)
		return rc;
	ff_buf_addf(&info->more, "events read: %s\n", modes[t->mode]);
	return info->more.failed ? ff_fail_nomem(err) : FF_OK;
}

const struct ff_reader_type ff_reader_eve = {
	.name = "eve",
	.summary = "EVE JSON lines of Suricata, its flow and netflow events",
	.probe = eve_probe,
	.open = eve_open,
	.fetch = text_fetch,
	.decode = text_decode,
	.describe = eve_describe,
	.close = text_close,
};
