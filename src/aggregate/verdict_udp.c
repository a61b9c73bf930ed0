/* SPDX-License-Identifier: MIT */
/* verdict_udp - what the ports of DNS and other UDP say where TCP alone cannot tell.
 *
 * Allocators that draw at random draw for UDP as for TCP, so ranges that TCP leaves open
 * may be told apart by the ports of both. And Windows since Vista, macOS and iOS count
 * for TCP only: where their counter is seen below 61001 only, UDP that counts as well
 * speaks against them. */
#include "aggregate/verdict_kernel.h"

#include <math.h>

enum {
	UDP_LO = 32768, /* Linux to 4.1 */
	UDP_HI = 61000,
	UDP_FEW = 5,
};

static bool udp_is_random(const struct verdict_stream *s)
{
	for (size_t i = 0; i < s->nwithin; i++)
		if (!verdict_is_random(s->rivals[i].family))
			return false;
	return s->nwithin > 0;
}

/* The verdict on all ports together, if it is what TCP leans to already. */
static int udp_pool(struct verdict *v, const struct verdict_flow *flows, size_t n,
		    struct ff_err *err)
{
	struct verdict_stream *tcp = &v->streams[VERDICT_TCP], both = {0};
	struct verdict_clean c = {0};

	int rc = verdict_gather_used(&c.events, &c.n, 0, flows, n, v->roles, err);
	if (rc)
		return rc;
	c.raw = c.distinct = c.n;
	rc = verdict_decide(&both, &c, v->lanes, err);
	ff_free(c.events);
	ff_free(both.wraps_ns); /* of a counter, which it is not, or of a failure */
	ff_free(both.drops_ns);
	if (rc || both.family == VERDICT_NONE || both.family != tcp->rivals[0].family)
		return rc;
	tcp->family = both.family;
	memcpy(tcp->claim, both.claim, sizeof tcp->claim);
	memcpy(tcp->rivals, both.rivals, sizeof tcp->rivals);
	tcp->nrivals = both.nrivals;
	tcp->nwithin = both.nwithin;
	tcp->margin = both.margin;
	tcp->reason[0] = '\0';
	tcp->is_ambiguous = false;
	tcp->asked_udp = true;
	return FF_OK;
}

/* How much better a counter of Linux's old range explains ports than chance does, in
 * nats. `room` is made for the events. */
static double udp_gain(struct verdict_room *room, const struct verdict_event *events,
		       size_t n)
{
	struct verdict_fit fit;
	size_t inside = 0;

	for (size_t i = 0; i < n; i++)
		if (events[i].port >= UDP_LO && events[i].port <= UDP_HI)
			room->part[inside++] = events[i];
	if (inside < UDP_FEW || inside * 10 < n * 9)
		return 0;
	verdict_fit_sequence(&fit, room, inside, UDP_LO, UDP_HI, false);
	return fit.ll - (double)(n - inside) * log(65536) +
	       (double)n * log(65536 - 49152);
}

/* The gain of a counter for the ports of one protocol, or of both for 0. */
static int udp_gain_of(double *out, uint8_t protocol, const struct verdict *v,
		       const struct verdict_flow *flows, size_t n, struct ff_err *err)
{
	struct verdict_event *events;
	struct verdict_room room;
	size_t used;

	int rc = verdict_gather_used(&events, &used, protocol, flows, n, v->roles, err);
	if (rc)
		return rc;
	rc = verdict_room_init(&room, events, used, err);
	if (!rc) {
		*out = udp_gain(&room, events, used);
		verdict_room_release(&room);
	}
	ff_free(events);
	return rc;
}

/* Whether UDP counts too: from the counter of TCP, or from one of its own. */
static int udp_counts(struct verdict *v, const struct verdict_flow *flows, size_t n,
		      struct ff_err *err)
{
	struct verdict_stream *tcp = &v->streams[VERDICT_TCP];
	double both, tcp_alone, udp_alone;

	int rc = udp_gain_of(&both, 0, v, flows, n, err);
	if (!rc)
		rc = udp_gain_of(&tcp_alone, 6, v, flows, n, err);
	if (!rc)
		rc = udp_gain_of(&udp_alone, 17, v, flows, n, err);
	if (rc)
		return rc;
	tcp->asked_udp = true;
	if (both < tcp_alone + VERDICT_MARGIN && udp_alone < VERDICT_MARGIN)
		return FF_OK;
	tcp->family = VERDICT_NONE;
	tcp->claim[0] = '\0';
	verdict_refuse(tcp,
		       "TCP and UDP both count up, TCP in %u-%u: Linux 2.2 to 2.4, or "
		       "a BSD or Mac OS X of that age",
		       tcp->port_lo, tcp->port_hi);
	return FF_OK;
}

int verdict_ask_udp(struct verdict *v, const struct verdict_flow *flows, size_t n,
		    struct ff_err *err)
{
	const struct verdict_stream *tcp = &v->streams[VERDICT_TCP];

	if (v->streams[VERDICT_DNS].used + v->streams[VERDICT_UDP].used == 0)
		return FF_OK;
	if (tcp->is_ambiguous && udp_is_random(tcp))
		return udp_pool(v, flows, n, err);
	if (tcp->family == VERDICT_UP_IANA && tcp->port_hi <= UDP_HI)
		return udp_counts(v, flows, n, err);
	return FF_OK;
}
