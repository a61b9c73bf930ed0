/* SPDX-License-Identifier: MIT */
/* pcap - reads packets and counts them as unidirectional flows.
 *
 * Flows need the packets in order: fetch() does it all, under the source's lock, and
 * fills a block with the flows that have ended; decode() copies them, while the next
 * block is filled on another thread. */
#include "input/pcap.h"

#include <inttypes.h>
#include <stdio.h>

enum { PCAP_BLOCK_FLOWS = 1024, PCAP_AHEAD = 32, PCAP_WORD = 32 };
#define PCAP_IDLE_NS (60 * FF_SEC)
#define PCAP_ACTIVE_NS (1800 * FF_SEC)
#define PCAP_MAX_ACTIVE UINT64_C(1000000)

struct pcap_reader {
	struct ff_stream *in; /* borrowed */
	struct packet_capture *capture;
	packet_link_fn *link;
	struct packet_fragments *fragments;
	struct packet_flows *flows;
	struct packet_flows_opts opts;
	const char *filter;		 /* borrowed from the options, or NULL */
	struct packet ahead[PCAP_AHEAD]; /* read, but only counted up to ahead_pos */
	size_t ahead_len, ahead_pos;
	bool ended; /* no packets follow them */
};

/* ---- probe ---- */

static int pcap_probe(const uint8_t *head, size_t len)
{
	static const uint32_t magics[] = {
		0xa1b2c3d4, /* microseconds */
		0xa1b23c4d, /* nanoseconds */
		0xa1b2cd34, /* Kuznetzov's, with longer heads of packets */
	};
	uint32_t big = len >= 4 ? ff_get_u32(head, true) : 0;
	uint32_t little = len >= 4 ? ff_get_u32(head, false) : 0;

	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (big == magics[i] || little == magics[i])
			return 100;
	if (big != 0x0a0d0d0a || len < 12)
		return 0;
	return ff_get_u32(head + 8, true) == 0x1a2b3c4d ||
			       ff_get_u32(head + 8, false) == 0x1a2b3c4d
		       ? 100
		       : 0;
}

/* ---- opening ---- */

static void pcap_close_reader(void *self)
{
	struct pcap_reader *r = self;

	if (!r)
		return;
	packet_capture_close(r->capture);
	packet_fragments_free(r->fragments);
	packet_flows_free(r->flows);
	ff_free(r);
}

static int pcap_choose_link(struct pcap_reader *r, struct ff_err *err)
{
	int link = packet_capture_link(r->capture);
	char name[120];

	r->link = packet_link_find(link);
	if (r->link)
		return FF_OK;
	packet_capture_link_name(name, sizeof name, link);
	return ff_fail(err, FF_EFORMAT,
		       "'%s' holds frames of link type %s, in which flowfig cannot find "
		       "IP packets",
		       ff_stream_name(r->in), name);
}

static int pcap_open_reader(void **self, struct ff_stream *in,
			    const struct ff_input_opts *o, struct ff_err *err)
{
	struct pcap_reader *r = ff_calloc(1, sizeof *r);
	int rc;

	*self = NULL;
	if (!r)
		return ff_fail_nomem(err);
	r->in = in;
	r->filter = o->bpf;
	r->opts.idle_ns = o->idle_ns ? o->idle_ns : PCAP_IDLE_NS;
	r->opts.active_ns = o->active_ns ? o->active_ns : PCAP_ACTIVE_NS;
	r->opts.max_active = o->max_active ? o->max_active : PCAP_MAX_ACTIVE;
	if ((rc = packet_capture_open(&r->capture, in, o->bpf, err)) == FF_OK &&
	    (rc = pcap_choose_link(r, err)) == FF_OK &&
	    (rc = packet_fragments_new(&r->fragments, err)) == FF_OK)
		rc = packet_flows_new(&r->flows, &r->opts, err);
	if (rc < 0) {
		pcap_close_reader(r);
		return rc;
	}
	*self = r;
	return FF_OK;
}

/* ---- packets ---- */

/* The next frame: 1 with *is_packet telling whether it held one, 0 at the end. */
static int pcap_read(struct pcap_reader *r, struct ff_block *b, struct packet *p,
		     bool *is_packet, struct ff_err *err)
{
	struct packet_frame f;
	struct ff_err why = {0};
	bool cut;
	int rc = packet_capture_next(r->capture, &f, &cut, &why);

	*is_packet = false;
	if (rc == FF_EFORMAT && cut) {
		ff_block_bad(b, packet_capture_offset(r->capture), 1, "%s", why.text);
		return 0;
	}
	if (rc < 0)
		return ff_fail(err, (enum ff_status)rc, "%s", why.text);
	if (rc == 0)
		return 0;
	if (f.time_ns == INT64_MIN) {
		ff_block_bad(b, packet_capture_offset(r->capture), 1,
			     "damaged: time out of range in '%s', before byte %" PRIu64,
			     ff_stream_name(r->in), packet_capture_offset(r->capture));
		return 1;
	}
	*is_packet = r->link(&f) && packet_read(p, &f, r->fragments);
	b->other += !*is_packet;
	return 1;
}

/* Reads the next packets; at the end fewer than there is room for. */
static int pcap_look_ahead(struct pcap_reader *r, struct ff_block *b, struct ff_err *err)
{
	r->ahead_len = r->ahead_pos = 0;
	while (r->ahead_len < PCAP_AHEAD) {
		bool is_packet;
		int rc = pcap_read(r, b, &r->ahead[r->ahead_len], &is_packet, err);

		if (rc < 0)
			return rc;
		if (rc == 0) {
			r->ended = true;
			break;
		}
		r->ahead_len += is_packet;
	}
	packet_flows_expect(r->flows, r->ahead, r->ahead_len);
	return FF_OK;
}

static int pcap_fetch(void *self, struct ff_block *b, struct ff_err *err)
{
	struct pcap_reader *r = self;
	struct ff_flow *flows;
	size_t n = 0;
	int rc = ff_block_reserve(b, PCAP_BLOCK_FLOWS * sizeof *flows, err);

	if (rc < 0)
		return rc;
	flows = (struct ff_flow *)(void *)b->data;
	for (;;) {
		n += packet_flows_expire(r->flows, flows + n, PCAP_BLOCK_FLOWS - n);
		if (n == PCAP_BLOCK_FLOWS)
			break;
		if (r->ahead_pos == r->ahead_len) {
			if (r->ended)
				break;
			rc = pcap_look_ahead(r, b, err);
			if (rc < 0)
				return rc;
			continue;
		}
		rc = packet_flows_add(r->flows, &r->ahead[r->ahead_pos++], flows + n,
				      err);
		if (rc < 0)
			return rc;
		n += (size_t)rc;
	}
	if (r->ended && r->ahead_pos == r->ahead_len)
		n += packet_flows_flush(r->flows, flows + n, PCAP_BLOCK_FLOWS - n);
	b->len = n * sizeof *flows;
	b->filled = true;
	/* an empty block may have something to tell of damage */
	return n > 0 || b->bad > 0 || b->other > 0;
}

static int pcap_decode(void *self, struct ff_block *b, struct ff_batch *out,
		       struct ff_err *err)
{
	size_t room = (out->cap - out->count) * sizeof *out->flows;
	size_t part = b->len - b->pos < room ? b->len - b->pos : room;

	(void)self;
	(void)err;
	memcpy(out->flows + out->count, b->data + b->pos, part);
	b->pos += part;
	out->count += part / sizeof *out->flows;
	return (int)(part / sizeof *out->flows);
}

/* ---- telling ---- */

static int pcap_describe(void *self, struct ff_input_info *info, struct ff_err *err)
{
	const struct pcap_reader *r = self;
	char idle[PCAP_WORD], active[PCAP_WORD];

	info->format = ff_reader_pcap.name;
	packet_capture_detail(r->capture, info->detail, sizeof info->detail);
	info->carries =
		FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) |
		FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) |
		FF_BIT(FF_FLAGS) | FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) |
		FF_BIT(FF_ETIME) | FF_BIT(FF_INITIAL_FLAGS) | FF_BIT(FF_SESSION_FLAGS) |
		FF_BIT(FF_ATTRIBUTES) | FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	ff_buf_addf(&info->more, "idle timeout: %s\nactive timeout: %s\n",
		    ff_format_duration(idle, sizeof idle, r->opts.idle_ns),
		    ff_format_duration(active, sizeof active, r->opts.active_ns));
	if (r->filter)
		ff_buf_addf(&info->more, "filter: %s\n", r->filter);
	return info->more.failed ? ff_fail_nomem(err) : FF_OK;
}

static void pcap_remark(const void *self, struct ff_buf *out)
{
	const struct pcap_reader *r = self;
	uint64_t forced = packet_flows_forced(r->flows);
	char n[32], most[32];

	if (forced == 0)
		return;
	ff_buf_addf(out,
		    "%s flows were ended early, as more than %s went on at once "
		    "('--max-active')",
		    ff_format_thousands(n, sizeof n, forced),
		    ff_format_thousands(most, sizeof most, r->opts.max_active));
}

const struct ff_reader_type ff_reader_pcap = {
	.name = "pcap",
	.summary = "packets in pcap and pcapng files, counted as flows",
	.probe = pcap_probe,
	.open = pcap_open_reader,
	.fetch = pcap_fetch,
	.decode = pcap_decode,
	.describe = pcap_describe,
	.remark = pcap_remark,
	.close = pcap_close_reader,
	.reads_ahead = true,
};
