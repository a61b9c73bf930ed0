/* SPDX-License-Identifier: MIT */
/* export_reader - messages of all three protocols, one after the other in a file or pipe,
 * or as datagrams in a capture. fetch() reads a stretch of whole messages and walks them;
 * decode() makes flows of the data sets that were listed. */
#include "input/export.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	READER_BLOCK = 256 << 10,
	READER_HEAD = 65536,
	READER_LOOK = 32, /* bytes by which a message is known */
};

struct export_reader {
	struct ff_stream *in; /* borrowed */
	struct export_session *session;
	struct export_capture capture;
	struct ff_buf carry; /* the beginning of what the next block goes on with */
	size_t need;	     /* bytes that it must have at least */
	bool in_gap;	     /* bytes that are no message are being stepped over */
	bool ended;
	/* of the first message, for describe */
	unsigned version;
	int64_t export_ns;
	uint32_t domain;
};

/* ---- opening ---- */

static void reader_first(struct export_reader *r, const uint8_t *p, size_t len)
{
	r->version = len >= 2 ? ff_get_u16(p, true) : 0;
	if (!export_looks(p, len))
		return;
	r->export_ns =
		(int64_t)ff_get_u32(p + (r->version == EXPORT_IPFIX ? 4 : 8), true) *
		FF_SEC;
	if (r->version != EXPORT_V5)
		r->domain = ff_get_u32(p + (r->version == EXPORT_V9 ? 16 : 12), true);
}

/* What the first bytes are; forced to a file that is nothing of the kind, it says so. */
static int reader_begin(struct export_reader *r, struct ff_err *err)
{
	struct export_packet p;
	const uint8_t *head;
	ptrdiff_t len = ff_stream_peek(r->in, &head, READER_HEAD, err);

	if (len < 0)
		return (int)len;
	r->capture.kind = export_capture_kind(head, (size_t)len);
	if (r->capture.kind == EXPORT_BARE)
		reader_first(r, head, (size_t)len);
	else if (export_capture_first(&p, head, (size_t)len))
		reader_first(r, head + p.at, p.len);
	if (r->capture.kind != EXPORT_BARE || r->version == EXPORT_V5 ||
	    r->version == EXPORT_V9 || r->version == EXPORT_IPFIX)
		return FF_OK;
	return ff_fail(err, FF_EFORMAT,
		       "'%s' is no NetFlow v5 or v9 and no IPFIX: it begins with the "
		       "number %u",
		       ff_stream_name(r->in), r->version);
}

int export_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		struct ff_err *err)
{
	struct export_reader *r = ff_calloc(1, sizeof *r);
	int rc;

	*self = NULL;
	if (!r)
		return ff_fail_nomem(err);
	r->in = in;
	rc = reader_begin(r, err);
	if (rc == FF_OK)
		rc = export_session_new(&r->session, ff_stream_name(in), o, err);
	if (rc < 0) {
		export_close(r);
		return rc;
	}
	*self = r;
	return FF_OK;
}

void export_close(void *self)
{
	struct export_reader *r = self;

	if (!r)
		return;
	export_session_free(r->session);
	ff_buf_release(&r->carry);
	ff_free(r);
}

/* ---- messages of their own ---- */

static void reader_bad(const struct export_reader *r, struct ff_block *b, size_t at,
		       const char *what)
{
	ff_block_bad(b, b->offset + at, 1, "damaged: %s in '%s' at byte %" PRIu64, what,
		     ff_stream_name(r->in), b->offset + at);
}

/* Steps over what is no message, to where one begins; it is counted once. */
static size_t reader_resync(struct export_reader *r, struct ff_block *b, size_t at,
			    size_t end, bool at_end)
{
	if (!r->in_gap)
		reader_bad(r, b, at, "no message begins");
	r->in_gap = true;
	for (at++; at < end; at++) {
		if (!at_end && end - at < READER_LOOK)
			return at;
		if (b->data[at] == 0 && export_looks(b->data + at, end - at)) {
			r->in_gap = false;
			return at;
		}
	}
	return at;
}

/* Walks the messages of b->data[0..end); *used is where the first one that is not there
 * whole begins. */
static int reader_messages(struct export_reader *r, struct ff_block *b, size_t end,
			   bool at_end, size_t *used, struct ff_err *err)
{
	size_t at = 0;
	int rc = FF_OK;

	while (rc == FF_OK && at < end) {
		size_t len;
		ptrdiff_t n;

		/* padding of datagrams that had one size */
		while (end - at >= 2 && b->data[at] == 0 && b->data[at + 1] == 0)
			at++;
		if (end - at == 1 && at_end && b->data[at] == 0) {
			at++;
			break;
		}
		if (r->in_gap && !export_looks(b->data + at, end - at))
			n = end - at < READER_LOOK && !at_end ? 0 : -1;
		else
			n = export_frame(b->data + at, end - at, at_end);
		if (n == 0)
			break;
		if (n < 0) {
			at = reader_resync(r, b, at, end, at_end);
			continue;
		}
		r->in_gap = false;
		len = (size_t)n;
		if (len > end - at) {
			if (!at_end)
				break;
			len = end - at;
		}
		rc = export_message(r->session, NULL, b, at, len, len < (size_t)n, err);
		at += len;
	}
	*used = at;
	return rc;
}

/* ---- captures ---- */

static int reader_packet(struct export_reader *r, struct ff_block *b, size_t at,
			 const struct export_packet *p, struct ff_err *err)
{
	const uint8_t *data = b->data + at + p->at;

	if (!p->is_packet)
		return FF_OK;
	if (p->is_fragment) {
		reader_bad(r, b, at, "a datagram in fragments");
		return FF_OK;
	}
	if (!p->is_udp || !export_looks(data, p->len)) {
		b->other++;
		return FF_OK;
	}
	return export_message(r->session, &p->from, b, at + p->at, p->len, p->is_cut,
			      err);
}

static int reader_packets(struct export_reader *r, struct ff_block *b, size_t end,
			  bool at_end, size_t *used, struct ff_err *err)
{
	size_t at = 0;
	int rc = FF_OK;

	r->need = 0;
	while (rc == FF_OK && at < end) {
		struct export_packet p;
		struct ff_err why = {0};
		ptrdiff_t n = export_capture_next(&r->capture, &p, &r->need, b->data + at,
						  end - at, &why);

		if (n < 0 || (n == 0 && at_end)) {
			/* where the next one begins cannot be known */
			reader_bad(r, b, at, n < 0 ? why.text : "a packet cut short");
			at = end;
			r->ended = true;
			break;
		}
		if (n == 0)
			break;
		rc = reader_packet(r, b, at, &p, err);
		at += (size_t)n;
	}
	*used = at;
	return rc;
}

/* ---- blocks ---- */

/* Fills the block behind what the last one left over. */
static int reader_read(struct export_reader *r, struct ff_block *b, bool *at_end,
		       struct ff_err *err)
{
	size_t room = READER_BLOCK;
	ptrdiff_t got;
	int rc;

	if (r->need > room)
		room = r->need;
	if (room <= r->carry.len)
		room = r->carry.len + READER_BLOCK;
	rc = ff_block_reserve(b, room, err);
	if (rc < 0)
		return rc;
	b->offset = ff_stream_offset(r->in) - r->carry.len;
	if (r->carry.len > 0)
		memcpy(b->data, r->carry.data, r->carry.len);
	got = ff_stream_read(r->in, b->data + r->carry.len, room - r->carry.len, err);
	if (got < 0)
		return (int)got;
	b->len = r->carry.len + (size_t)got;
	*at_end = b->len < room;
	ff_buf_clear(&r->carry);
	return FF_OK;
}

int export_fetch(void *self, struct ff_block *b, struct ff_err *err)
{
	struct export_reader *r = self;
	size_t end, used;
	bool at_end = false;
	int rc;

	if (r->ended)
		return 0;
	export_begin(b);
	rc = reader_read(r, b, &at_end, err);
	if (rc < 0)
		return rc;
	end = b->len; /* sets that waited come behind */
	if (r->capture.kind == EXPORT_BARE)
		rc = reader_messages(r, b, end, at_end, &used, err);
	else
		rc = reader_packets(r, b, end, at_end, &used, err);
	if (rc < 0)
		return rc;
	ff_buf_add(&r->carry, b->data + used, end - used);
	if (r->carry.failed)
		return ff_fail_nomem(err);
	r->ended |= at_end;
	if (r->ended)
		export_end(r->session, b);
	b->filled = true;
	return 1;
}

int export_decode_block(void *self, struct ff_block *b, struct ff_batch *out,
			struct ff_err *err)
{
	const struct export_reader *r = self;
	size_t before = out->count;

	(void)err;
	export_decode(r->session, b, out);
	return (int)(out->count - before);
}

/* ---- telling ---- */

static const char *reader_protocol(unsigned version)
{
	return version == EXPORT_V5	 ? "NetFlow v5"
	       : version == EXPORT_V9	 ? "NetFlow v9"
	       : version == EXPORT_IPFIX ? "IPFIX"
					 : "exports";
}

int export_describe(void *self, struct ff_input_info *info, struct ff_err *err)
{
	const struct export_reader *r = self;
	const char *protocol = reader_protocol(r->version);
	char text[64];

	if (r->capture.kind == EXPORT_BARE)
		snprintf(info->detail, sizeof info->detail, "%s messages", protocol);
	else
		snprintf(info->detail, sizeof info->detail, "%s in a %s capture",
			 protocol, r->capture.kind == EXPORT_PCAP ? "pcap" : "pcapng");
	info->carries = export_carries;
	if (r->export_ns)
		ff_buf_addf(&info->more, "first export: %s\n",
			    ff_format_time(text, sizeof text, r->export_ns));
	if (r->export_ns && r->version != EXPORT_V5)
		ff_buf_addf(&info->more, "first domain: %" PRIu32 "\n", r->domain);
	return info->more.failed ? ff_fail_nomem(err) : FF_OK;
}
