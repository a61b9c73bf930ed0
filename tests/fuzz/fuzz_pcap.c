/* SPDX-License-Identifier: MIT */
/* Packets, in pcap and pcapng files; and frames of any link type without a file around
 * them, into a table of few flows, which must lose none. */
#include "fuzz/fuzz.h"
#include "input/pcap.h"

enum { ROOM = 2 };

static uint64_t fuzz_packets(const struct ff_flow *flows, size_t n)
{
	uint64_t packets = 0;
	for (size_t i = 0; i < n; i++)
		packets += flows[i].packets;
	return packets;
}

/* Takes a frame off the input: a byte of length, one of time, and itself. */
static bool fuzz_frame(struct packet_frame *f, const uint8_t **data, size_t *size)
{
	size_t len;
	if (*size < 2)
		return false;
	len = (*data)[0] < *size - 2 ? (*data)[0] : *size - 2;
	f->time_ns += ((*data)[1] - 100) * (f->time_ns % 7 ? 1 : INT64_C(1) << 32);
	f->len = len;
	f->wire = len + (*data)[1];
	f->vlan = 0;
	/* of its own size, so that a read past the end is seen */
	uint8_t *copy = ff_alloc(len, 1);
	memcpy(copy, *data + 2, len);
	f->data = copy;
	*data += 2 + len;
	*size -= 2 + len;
	return true;
}

static void fuzz_frames(const uint8_t *data, size_t size)
{
	static const int links[] = {0,	 1,   9,   12,	14,  50,  51,  101, 104, 105,
				    108, 113, 119, 127, 163, 192, 228, 229, 276};
	const struct packet_flows_opts opts = {1000, 5000, 3};
	packet_link_fn *link = packet_link_find(
		links[size ? data[0] % (sizeof links / sizeof *links) : 0]);
	struct packet_fragments *fragments = NULL;
	struct packet_flows *flows = NULL;
	struct ff_flow out[ROOM];
	struct packet_frame f = {.time_ns = 0};
	struct packet p;
	uint64_t in = 0, ended = 0;
	size_t n;
	if (packet_fragments_new(&fragments, NULL) ||
	    packet_flows_new(&flows, &opts, NULL))
		abort();
	while (fuzz_frame(&f, &data, &size)) {
		uint8_t *copy = (uint8_t *)(uintptr_t)f.data;
		if (link(&f) && packet_read(&p, &f, fragments)) {
			packet_flows_expect(flows, &p, 1);
			ended +=
				packet_flows_add(flows, &p, out, NULL) ? out->packets : 0;
			in++;
		}
		ff_free(copy);
		while ((n = packet_flows_expire(flows, out, ROOM)) > 0)
			ended += fuzz_packets(out, n);
	}
	while ((n = packet_flows_flush(flows, out, ROOM)) > 0)
		ended += fuzz_packets(out, n);
	if (in != ended)
		abort();
	packet_flows_free(flows);
	packet_fragments_free(fragments);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(data, size, "pcap", 0);
	fuzz_frames(data, size);
	return 0;
}
