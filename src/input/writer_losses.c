/* SPDX-License-Identifier: MIT */
/* writer_losses - what SiLK's records cannot hold of the flows written to them. SiLK has
 * words of its own for no sensor, type, interface, next hop, application and attributes;
 * the fields below always have a value there, so that 0 may be a lie. */
#include "input/writer.h"

#include <inttypes.h>

/* Whether the protocol has what the field tells; of an unknown protocol nobody knows. */
static bool losses_matter(const struct ff_flow *f, unsigned field)
{
	if (!(f->present & FF_BIT(FF_PROTOCOL)))
		return true;
	switch (field) {
	case FF_SPORT:
	case FF_DPORT:
		return f->protocol == 6 || f->protocol == 17 || f->protocol == 132 ||
		       f->protocol == 33 || f->protocol == 136;
	case FF_FLAGS:
		return f->protocol == 6;
	default:
		return true;
	}
}

void writer_lose(struct writer_losses *l, const struct ff_flow *f)
{
	static const uint8_t needed[] = {FF_SPORT, FF_DPORT, FF_PROTOCOL, FF_PACKETS,
					 FF_BYTES, FF_FLAGS, FF_DURATION};
	/* the usual flow has all of them */
	static const uint32_t all = FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) |
				    FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) |
				    FF_BIT(FF_BYTES) | FF_BIT(FF_FLAGS) |
				    FF_BIT(FF_DURATION);

	for (size_t i = 0; (f->present & all) != all && i < sizeof needed; i++)
		if (!writer_has(f, needed[i]) && losses_matter(f, needed[i]))
			l->absent[needed[i]]++;
	l->clamped[FF_PACKETS] += f->packets > UINT32_MAX;
	l->clamped[FF_BYTES] += f->bytes > UINT32_MAX;
	l->clamped[FF_IN] += f->in > UINT16_MAX;
	l->clamped[FF_OUT] += f->out > UINT16_MAX;
	if (f->end_ns < f->start_ns)
		l->backward++;
	else if ((uint64_t)f->end_ns - (uint64_t)f->start_ns >
		 (uint64_t)UINT32_MAX * (uint64_t)FF_MS)
		l->clamped[FF_DURATION]++;
	if (f->start_ns % FF_MS || f->end_ns % FF_MS)
		l->cut++;
}

/* "; " between sentences, ", " between the parts of one. */
static void losses_part(struct ff_buf *out, bool *first, const char *lead)
{
	if (!*first)
		ff_buf_adds(out, ", ");
	else if (out->len)
		ff_buf_addf(out, "; %s", lead);
	else
		ff_buf_adds(out, lead);
	*first = false;
}

static void losses_flows(struct ff_buf *out, uint64_t flows)
{
	char n[32];

	ff_buf_addf(out, "%s flow%s", ff_format_thousands(n, sizeof n, flows),
		    flows == 1 ? "" : "s");
}

static void losses_fields(struct ff_buf *out, const uint64_t counts[FF_FIELDS],
			  const char *lead)
{
	bool first = true;

	for (unsigned i = 0; i < FF_FIELDS; i++) {
		if (!counts[i])
			continue;
		losses_part(out, &first, lead);
		ff_buf_addf(out, "%s of ", ff_field_infos[i].name);
		losses_flows(out, counts[i]);
	}
}

static void losses_count(struct ff_buf *out, uint64_t flows, const char *what)
{
	bool first = true;

	if (!flows)
		return;
	losses_part(out, &first, "");
	losses_flows(out, flows);
	ff_buf_adds(out, what);
}

void ff_flow_writer_losses(struct ff_buf *out, const struct ff_flow_writer *w)
{
	const struct writer_losses *l = &w->losses;

	losses_fields(out, l->absent, "not known, and 0 now: ");
	losses_fields(out, l->clamped, "too large, and the largest number now: ");
	losses_count(out, l->backward, " ending before the start, 0 s long now");
	losses_count(out, l->cut, " with times cut to milliseconds");
}
