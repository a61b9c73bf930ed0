/* SPDX-License-Identifier: MIT */
/* contact_parts - see contact_parts.h. */
#include "figure/contact_parts.h"

#include <math.h>
#include <string.h>

struct ff_color ff_contact_period_color(const struct ff_contact *c,
					const struct ff_contact_means *m, int which)
{
	return ff_category(&c->theme,
			   m->is_split && which == 0 ? FF_VERMILLION : FF_BLUE);
}

/* "29 Nov", "02:00" when the data are of one or two days, with the year when of many. */
static void parts_date(struct ff_buf *b, const struct ff_contact *c,
		       const struct ff_date *d, bool with_month)
{
	double span = (double)c->data.t1 - (double)c->data.t0;

	if (span < 2.5 * (double)FF_DAY)
		ff_buf_addf(b, "%02d:%02d" FF_NBSP, d->hour, d->minute);
	ff_buf_addf(b, "%d", d->day);
	if (with_month)
		ff_buf_addf(b, FF_NBSP "%s", ff_month_short[d->month - 1]);
	if (with_month && span > 360 * (double)FF_DAY)
		ff_buf_addf(b, FF_NBSP "%d", d->year);
}

void ff_contact_period_words(struct ff_buf *b, const struct ff_contact *c,
			     const struct ff_contact_means *m, int which, bool is_short)
{
	int64_t from = m->from_ns > c->data.t0 ? m->from_ns : c->data.t0;
	int64_t to = m->to_ns < c->data.t1 ? m->to_ns : c->data.t1;
	bool is_brief = (double)c->data.t1 - (double)c->data.t0 < 2.5 * (double)FF_DAY;
	struct ff_date first, last;

	if (!m->is_split)
		return;
	ff_date_from_time(&first, ff_local_time(from, c->tz_ns));
	/* the end is exclusive: of days the last one is named, of hours the end itself */
	ff_date_from_time(&last,
			  ff_local_time(is_brief || to <= from ? to : to - 1, c->tz_ns));
	if (which == 1) {
		if (m->has_before && m->has_after) {
			ff_buf_adds(b, is_short ? "other" : "before and after");
			return;
		}
		ff_buf_adds(b, m->has_before ? "before" : "after");
		if (!is_short) {
			ff_buf_adds(b, " ");
			parts_date(b, c, m->has_before ? &first : &last, true);
		}
		return;
	}
	if (is_short && !m->has_before) {
		ff_buf_adds(b, "to ");
	} else if (is_short && !m->has_after) {
		ff_buf_adds(b, "from ");
		parts_date(b, c, &first, true);
		return;
	} else if (first.year != last.year || first.month != last.month || is_brief) {
		parts_date(b, c, &first, true);
		ff_buf_adds(b, FF_NBSP FF_NDASH " ");
	} else if (first.day != last.day) {
		parts_date(b, c, &first, false);
		ff_buf_adds(b, FF_NDASH);
	}
	parts_date(b, c, &last, true);
}

double ff_contact_dot_radius(const struct ff_contact *c)
{
	return .3 * c->theme.fs;
}

void ff_contact_dot(const struct ff_contact *c, const struct ff_contact_means *m,
		    int which, double x, double y)
{
	double r = ff_contact_dot_radius(c);
	struct ff_color color = ff_contact_period_color(c, m, which);

	if (m->is_split && which == 1)
		ff_canvas_circle(c->cv, x, y, r * .95, FF_NO_COLOR, color,
				 .7 * c->theme.line);
	else
		ff_canvas_circle(c->cv, x, y, r * .55, color, FF_NO_COLOR, 0);
}
