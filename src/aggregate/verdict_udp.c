/* SPDX-License-Identifier: MIT */
/* verdict_udp - what the ports of DNS and other UDP say where TCP alone cannot tell.
 *
 * Allocators that draw at random draw for UDP as for TCP, so ranges that TCP leaves open
 * may be told apart by the ports of both. And Windows since Vista, macOS and iOS count
 * for TCP only: where their counter is seen below 61001 only, UDP that counts as well
 * speaks against them. */
#include "aggregate/verdict_parts.h"

#include <math.h>

enum { UDP_LINUX_OLD_HI = 61000 };

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

	int rc = verdict_gather_used(&c.events, &c.n, false, flows, n, v->roles, err);
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

static int udp_score(double *out, bool is_tcp, enum verdict_family family, size_t *used,
		     const struct verdict_flow *flows, size_t n, const uint8_t *roles,
		     struct ff_err *err)
{
	struct verdict_event *events;
	struct verdict_score *scores;
	size_t nscores;

	int rc = verdict_gather_used(&events, used, is_tcp, flows, n, roles, err);
	if (rc)
		return rc;
	rc = verdict_assess(&scores, &nscores, events, *used, err);
	ff_free(events);
	if (rc)
		return rc;
	*out = -HUGE_VAL;
	for (size_t i = 0; i < nscores && *out == -HUGE_VAL; i++)
		if (scores[i].model->family == family)
			*out = scores[i].ll;
	ff_free(scores);
	return FF_OK;
}

/* Whether UDP takes its ports from the counter of TCP. */
static int udp_counts(struct verdict *v, const struct verdict_flow *flows, size_t n,
		      struct ff_err *err)
{
	struct verdict_stream *tcp = &v->streams[VERDICT_TCP];
	double counter, alone;
	size_t all, only;

	int rc = udp_score(&counter, false, VERDICT_ROVER, &all, flows, n, v->roles, err);
	if (!rc)
		rc = udp_score(&alone, true, VERDICT_UP_IANA, &only, flows, n, v->roles,
			       err);
	if (rc || all == only)
		return rc;
	double uniform = -(double)(all - only) * log(65536 - 49152);
	tcp->asked_udp = true;
	if (counter < alone + uniform + VERDICT_MARGIN)
		return FF_OK;
	tcp->family = VERDICT_NONE;
	tcp->claim[0] = '\0';
	verdict_refuse(tcp,
		       "TCP and UDP count up together in %u-%u: Linux 2.2 to 2.4, or a "
		       "BSD or Mac OS X of that age",
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
	if (tcp->family == VERDICT_UP_IANA && tcp->port_hi <= UDP_LINUX_OLD_HI)
		return udp_counts(v, flows, n, err);
	return FF_OK;
}
