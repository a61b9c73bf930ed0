/* SPDX-License-Identifier: MIT */
/* zeek_tsv - Zeek's own text: '#' lines name the separator, the word for what is unset
 * and the columns. */
#include "input/zeek.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ZEEK_HEAD = 1 << 16 }; /* the header must end within it */

/* ---- columns ---- */

enum {
	TSV_PROTO,
	TSV_IP_PROTO,
	TSV_ORIG_BYTES,
	TSV_RESP_BYTES,
	TSV_RESP_PKTS,
	TSV_RESP_IP_BYTES,
	TSV_LOCAL_ORIG,
	TSV_LOCAL_RESP,
	TSV_HISTORY,
	TSV_STATE,
};

static const struct text_title tsv_titles[] = {
	{"ts", FF_STIME, 0},
	{"id.orig_h", FF_SIP, 0},
	{"id.orig_p", FF_SPORT, FF_BIT(FF_DPORT)},
	{"id.resp_h", FF_DIP, 0},
	{"id.resp_p", FF_DPORT, FF_BIT(FF_SPORT)},
	{"duration", FF_DURATION, 0},
	{"orig_pkts", FF_PACKETS, 0},
	{"orig_ip_bytes", FF_BYTES, 0},
	{"proto", TEXT_OWN + TSV_PROTO, ZEEK_PROTO_GIVES},
	{"ip_proto", TEXT_OWN + TSV_IP_PROTO, FF_BIT(FF_PROTOCOL)},
	{"orig_bytes", TEXT_OWN + TSV_ORIG_BYTES, FF_BIT(FF_BYTES)},
	{"resp_bytes", TEXT_OWN + TSV_RESP_BYTES, FF_BIT(FF_BYTES)},
	{"resp_pkts", TEXT_OWN + TSV_RESP_PKTS, FF_BIT(FF_PACKETS)},
	{"resp_ip_bytes", TEXT_OWN + TSV_RESP_IP_BYTES, FF_BIT(FF_BYTES)},
	{"local_orig", TEXT_OWN + TSV_LOCAL_ORIG, 0},
	{"local_resp", TEXT_OWN + TSV_LOCAL_RESP, 0},
	{"history", TEXT_OWN + TSV_HISTORY, ZEEK_HISTORY_GIVES},
	{"conn_state", TEXT_OWN + TSV_STATE, 0},
	{NULL, 0, 0},
};

static int tsv_local(const struct text_cell cell)
{
	return cell.len == 1 && cell.s[0] == 'T'   ? 1
	       : cell.len == 1 && cell.s[0] == 'F' ? 0
						   : -1;
}

static struct text_cell tsv_word(const struct text_layout *l, struct text_cell cell)
{
	return text_is_unset(l, cell) ? (struct text_cell){0} : cell;
}

/* The responder's bytes, or the payload of either side where those of IP are unset. */
static int tsv_counts(struct zeek_conn *z, const struct text_layout *l,
		      const struct text_cell *own, char why[TEXT_WHY])
{
	struct zeek_side *orig = &z->side[ZEEK_ORIG], *resp = &z->side[ZEEK_RESP];
	uint64_t ip_proto;
	int packets, bytes, payload = 0, proto;

	packets = text_own_number(&resp->packets, UINT64_MAX, l, own[TSV_RESP_PKTS],
				  "resp_pkts", why);
	bytes = text_own_number(&resp->bytes, UINT64_MAX, l, own[TSV_RESP_IP_BYTES],
				"resp_ip_bytes", why);
	if (bytes == 0)
		bytes = text_own_number(&resp->bytes, UINT64_MAX, l, own[TSV_RESP_BYTES],
					"resp_bytes", why);
	if (!orig->has_bytes)
		payload = text_own_number(&orig->bytes, UINT64_MAX, l,
					  own[TSV_ORIG_BYTES], "orig_bytes", why);
	proto = text_own_number(&ip_proto, UINT8_MAX, l, own[TSV_IP_PROTO], "ip_proto",
				why);
	if (packets < 0 || bytes < 0 || payload < 0 || proto < 0)
		return -1;
	resp->has_packets = packets > 0;
	resp->has_bytes = bytes > 0;
	orig->has_bytes |= payload > 0;
	z->has_ip_proto = proto > 0;
	z->ip_proto = proto > 0 ? (uint8_t)ip_proto : 0;
	return 0;
}

static int tsv_flows(const struct text_layout *l, struct text_cursor *c,
		     struct ff_flow f[TEXT_LINE_FLOWS], char why[TEXT_WHY])
{
	const struct text_cell *own = c->own;
	struct zeek_conn z = {
		.proto = tsv_word(l, own[TSV_PROTO]),
		.history = tsv_word(l, own[TSV_HISTORY]),
		.side[ZEEK_ORIG] = {.has_packets = f->present & FF_BIT(FF_PACKETS),
				    .packets = f->packets,
				    .has_bytes = f->present & FF_BIT(FF_BYTES),
				    .bytes = f->bytes,
				    .local = tsv_local(own[TSV_LOCAL_ORIG])},
		.side[ZEEK_RESP] = {.local = tsv_local(own[TSV_LOCAL_RESP])},
	};

	if (tsv_counts(&z, l, own, why) < 0)
		return -1;
	return zeek_flows(&z, f, why);
}

/* ---- header ---- */

struct tsv_header {
	char separator[2];
	struct text_cell fields, path, unset;
	size_t bytes;
	uint64_t lines;
};

static int tsv_hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* The value of a header line: behind its name and a separator or blank. */
static bool tsv_is(struct text_cell *value, const char *line, size_t len,
		   const char *name)
{
	size_t n = strlen(name);

	if (len <= n || memcmp(line, name, n) != 0)
		return false;
	*value = (struct text_cell){line + n + 1, len - n - 1};
	return true;
}

static void tsv_header_line(struct tsv_header *h, const char *line, size_t len)
{
	struct text_cell v;

	if (tsv_is(&v, line, len, "#separator")) {
		if (v.len == 4 && v.s[0] == '\\' && v.s[1] == 'x' &&
		    tsv_hex(v.s[2]) >= 0 && tsv_hex(v.s[3]) >= 0)
			h->separator[0] = (char)(tsv_hex(v.s[2]) * 16 + tsv_hex(v.s[3]));
		else
			h->separator[0] = v.len == 1 ? v.s[0] : '\0';
	} else if (!tsv_is(&h->fields, line, len, "#fields") &&
		   !tsv_is(&h->path, line, len, "#path")) {
		tsv_is(&h->unset, line, len, "#unset_field");
	}
}

/* Reads the '#' lines at the front of `head`; false when no other line, nor the end of
 * the file, is in sight. */
static bool tsv_header_read(struct tsv_header *h, const uint8_t *head, size_t n)
{
	*h = (struct tsv_header){.separator = "\t"};
	while (h->bytes < n) {
		const char *line = (const char *)head + h->bytes;
		const char *eol = memchr(line, '\n', n - h->bytes);
		size_t len = eol ? (size_t)(eol - line) : n - h->bytes;

		if (!text_is_blank(line, len))
			return true;
		if (!eol && n == ZEEK_HEAD)
			return false;
		h->bytes += len + (eol != NULL);
		h->lines++;
		if (len > 0 && line[len - 1] == '\r')
			len--;
		tsv_header_line(h, line, len);
	}
	return n < ZEEK_HEAD;
}

/* Whether the columns are those of connections, and not of another of Zeek's logs. */
static bool tsv_is_conn(const struct text_layout *l)
{
	static const uint8_t own[] = {
		FF_PACKETS,	      FF_BYTES,
		FF_DURATION,	      TEXT_OWN + TSV_RESP_PKTS,
		TEXT_OWN + TSV_STATE, TEXT_OWN + TSV_HISTORY,
	};

	for (size_t i = 0; i < l->columns; i++)
		if (memchr(own, l->field[i], sizeof own))
			return true;
	return false;
}

static int tsv_header_use(struct text_input *t, const struct tsv_header *h,
			  const struct ff_input_opts *o, struct ff_err *err)
{
	const char *name = ff_stream_name(t->in);
	struct ff_input_opts opts = *o;
	bool consume;
	int rc;

	if (!h->fields.s)
		return ff_fail(err, FF_EFORMAT,
			       "'%s' has no #fields line before its records", name);
	if (!text_delimiter(h->separator))
		return ff_fail(err, FF_EFORMAT, "bad #separator in '%s'", name);
	opts.delimiter = h->separator;
	rc = text_open_titles(t, &consume, &opts, h->fields.s, h->fields.len, err);
	if (rc < 0)
		return rc;
	if (!tsv_is_conn(&t->layout))
		return ff_fail(err, FF_EFORMAT,
			       "'%s' is Zeek's log '%.*s': flowfig reads 'conn'", name,
			       (int)(h->path.len < 40 ? h->path.len : 40),
			       h->path.len ? h->path.s : "");
	if (h->unset.len <= sizeof t->layout.unset) {
		t->layout.unset_len = (uint8_t)h->unset.len;
		memcpy(t->layout.unset, h->unset.s ? h->unset.s : "", h->unset.len);
	}
	return FF_OK;
}

static int tsv_header(struct text_input *t, const struct ff_input_opts *o,
		      struct ff_err *err)
{
	const uint8_t *head;
	struct tsv_header h;
	ptrdiff_t n = ff_stream_peek(t->in, &head, ZEEK_HEAD, err);
	int rc;

	if (n < 0)
		return (int)n;
	if (!tsv_header_read(&h, head, (size_t)n))
		return ff_fail(err, FF_EFORMAT,
			       "the header of '%s' is longer than 64 KiB",
			       ff_stream_name(t->in));
	rc = tsv_header_use(t, &h, o, err);
	if (rc < 0)
		return rc;
	t->line += h.lines;
	return text_consume(t, h.bytes, err);
}

/* Logs put together have headers in the middle. Blocks are read in any order, so that
 * those must name the same columns. */
static int tsv_comment(struct text_input *t, const struct ff_block *b, size_t pos,
		       const char *eol, struct ff_err *err)
{
	const char *line = (const char *)b->data + pos;
	struct text_cell fields;

	if (!tsv_is(&fields, line, (size_t)(eol - line), "#fields") ||
	    (fields.len == t->header.len &&
	     memcmp(fields.s, t->header.data, fields.len) == 0))
		return FF_OK;
	return ff_fail(err, FF_EFORMAT,
		       "other columns begin in '%s' at byte %" PRIu64
		       ": split the file there",
		       ff_stream_name(t->in), b->offset + pos);
}

const struct text_dialect zeek_tsv = {
	.name = "zeek",
	.titles = tsv_titles,
	.needs = FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) | FF_BIT(FF_PACKETS) |
		 FF_BIT(FF_BYTES),
	.header = tsv_header,
	.comment = tsv_comment,
	.flows = tsv_flows,
};
