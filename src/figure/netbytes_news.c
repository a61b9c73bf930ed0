/* SPDX-License-Identifier: MIT */
/* What of a netbytes result is news: what its title says after which ports carry most. */
#include "figure/netbytes.h"

#define NEWS_LEAST .08 /* of the tallest: an odd cell of this height is news */
#define NEWS_BURST .5  /* and a burst of a port with a lane, of this height */

/* A port in one bin only, or one that is no service with a share: the largest such cell,
 * if it is tall enough. */
static size_t news_odd(const struct ff_netbytes_data *d,
		       const struct ff_netbytes_lanes *l, double least)
{
	size_t best = d->ncells, lone = d->ncells;

	for (size_t i = 0; i < d->nports; i++) {
		const struct ff_netbytes_port *p = &d->ports[i];
		uint64_t value = d->cells[p->peak].value;

		if ((double)value < least ||
		    (p->count > 1 &&
		     (l->place[i] < FF_NETBYTES_LANES ||
		      (double)p->value >= FF_NETBYTES_SHARE * (double)d->value)))
			continue;
		if (best == d->ncells || value > d->cells[best].value)
			best = p->peak;
		if (p->count == 1 && (lone == d->ncells || value > d->cells[lone].value))
			lone = p->peak;
	}
	/* seen in one bin only is the odder thing, when it is not much smaller */
	if (lone < d->ncells && d->cells[lone].value / 2 >= d->cells[best].value / 3)
		return lone;
	return best;
}

/* The largest burst that was found; its cell is ncells where there is none. */
static struct ff_netbytes_news news_burst(const struct ff_netbytes_data *d, double least)
{
	struct ff_netbytes_news news = {.cell = d->ncells};

	for (size_t i = 0; i < d->nports; i++) {
		size_t peak = d->ports[i].peak;
		const struct ff_finding *f;

		if ((double)d->cells[peak].value < least ||
		    (news.cell < d->ncells &&
		     d->cells[peak].value <= d->cells[news.cell].value) ||
		    !(f = ff_netbytes_finding(d, "burst", i)))
			continue;
		news = (struct ff_netbytes_news){peak, ff_finding_number(f, "ratio", 0)};
	}
	return news;
}

bool ff_netbytes_news(struct ff_netbytes_news *news, const struct ff_netbytes_data *d,
		      const struct ff_netbytes_lanes *l)
{
	uint64_t tallest = 0;
	size_t odd;

	if (d->bins < 3)
		return false;
	for (size_t i = 0; i < d->nports; i++)
		if (d->cells[d->ports[i].peak].value > tallest)
			tallest = d->cells[d->ports[i].peak].value;
	odd = news_odd(d, l, NEWS_LEAST * (double)tallest);
	*news = news_burst(d, NEWS_BURST * (double)tallest);
	/* the unexpected goes before what is only large, unless that is much larger */
	if (odd < d->ncells &&
	    (news->cell == d->ncells || d->ports[d->cells[odd].port].count == 1 ||
	     d->cells[odd].value >= d->cells[news->cell].value / 2))
		*news = (struct ff_netbytes_news){.cell = odd};
	return news->cell < d->ncells;
}
