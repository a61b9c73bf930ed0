/* SPDX-License-Identifier: MIT */
/* export_time - the many ways in which exporters say when. */
#include "input/export_flow.h"

#define NTP_1970 UINT64_C(2208988800) /* seconds from 1900 to 1970 */

static int time_scaled(int64_t *out, uint64_t v, int64_t unit_ns)
{
	if (v > (uint64_t)(INT64_MAX / unit_ns))
		return -1;
	*out = (int64_t)v * unit_ns;
	return 1;
}

/* Seconds since 1900 and their fraction, or since 2036, which is next; `parts` a second
 * are meant. */
static int time_ntp(int64_t *out, uint64_t v, uint64_t parts)
{
	uint64_t s = v >> 32, fraction;

	if (s < NTP_1970)
		s += UINT64_C(1) << 32;
	fraction = ((v & UINT32_MAX) * parts + (UINT64_C(1) << 31)) >> 32;
	*out = (int64_t)(s - NTP_1970) * FF_SEC +
	       (int64_t)(fraction * ((uint64_t)FF_SEC / parts));
	return 1;
}

static int time_add(int64_t *out, int64_t a, int64_t b)
{
	if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
		return -1;
	*out = a + b;
	return 1;
}

/* Milliseconds since the device booted, which turn over every 49.7 days: of the times
 * that they may be, the one next to the message's. */
static int time_uptime(int64_t *out, const struct export_values *v,
		       const struct export_item *it, uint64_t ms)
{
	uint32_t now = it->uptime_ms, ahead;
	int64_t boot = it->boot_ns;

	if (it->version == EXPORT_IPFIX) {
		if (export_has(v, 0, EXPORT_BOOT_MS)) {
			if (time_scaled(&boot, v->number[0][EXPORT_BOOT_MS], FF_MS) < 0)
				return -1;
		} else if (!it->has_boot) {
			return 0;
		}
		if (ms > UINT32_MAX)
			return ms > (uint64_t)(INT64_MAX / FF_MS)
				       ? -1
				       : time_add(out, boot, (int64_t)ms * FF_MS);
		now = (uint32_t)((it->export_ns - boot) / FF_MS);
	}
	ahead = (uint32_t)ms - now;
	return time_add(out, it->export_ns, (int64_t)(int32_t)ahead * FF_MS);
}

/* The start of this kind, or the end, which is the kind after. */
static int time_of(int64_t *out, const struct export_values *v,
		   const struct export_item *it, int side, unsigned start, bool end)
{
	uint64_t n = v->number[side][start + end];
	int64_t ns;

	switch (start) {
	case EXPORT_START_MS:
		return time_scaled(out, n, FF_MS);
	case EXPORT_START_NTP_NS:
		return time_ntp(out, n, (uint64_t)FF_SEC);
	case EXPORT_START_NTP_US:
		return time_ntp(out, n, UINT64_C(1000000));
	case EXPORT_START_S:
		return time_scaled(out, n, FF_SEC);
	case EXPORT_START_UPTIME:
		return time_uptime(out, v, it, n);
	default:
		return time_scaled(&ns, n, 1000) < 0 ? -1
						     : time_add(out, it->export_ns, -ns);
	}
}

int export_time(int64_t *out, const struct export_values *v, const struct export_item *it,
		int side, bool end)
{
	for (unsigned kind = EXPORT_START_MS; kind <= EXPORT_START_DELTA_US; kind += 2)
		if (export_has(v, side, kind + end)) {
			int rc = time_of(out, v, it, side, kind, end);

			if (rc != 0)
				return rc;
		}
	if (end || side)
		return 0;
	if (export_has(v, 0, EXPORT_OBSERVED_MS))
		return time_scaled(out, v->number[0][EXPORT_OBSERVED_MS], FF_MS);
	if (export_has(v, 0, EXPORT_OBSERVED_S))
		return time_scaled(out, v->number[0][EXPORT_OBSERVED_S], FF_SEC);
	return 0;
}

static int time_duration(int64_t *out, const struct export_values *v, int side)
{
	if (export_has(v, side, EXPORT_DURATION_MS))
		return time_scaled(out, v->number[side][EXPORT_DURATION_MS], FF_MS);
	if (export_has(v, side, EXPORT_DURATION_US))
		return time_scaled(out, v->number[side][EXPORT_DURATION_US], 1000);
	return 0;
}

/* How long the flow lasted by clocks that are not set, too. */
static int time_lasted(int64_t *out, const struct export_values *v)
{
	const uint64_t both =
		EXPORT_BIT(EXPORT_START_UPTIME) | EXPORT_BIT(EXPORT_END_UPTIME);
	int rc = time_duration(out, v, 0);

	if (rc != 0 || (v->has[0] & both) != both)
		return rc;
	*out = (int64_t)(int32_t)((uint32_t)v->number[0][EXPORT_END_UPTIME] -
				  (uint32_t)v->number[0][EXPORT_START_UPTIME]) *
	       FF_MS;
	return 1;
}

/* A record that does not say when is taken to end when its message was sent. */
static bool time_forward(struct ff_flow *f, const struct export_values *v,
			 const struct export_item *it)
{
	int64_t lasted = 0;
	int start = export_time(&f->start_ns, v, it, 0, false);
	int end = export_time(&f->end_ns, v, it, 0, true);
	int lasts = time_lasted(&lasted, v);

	if (start < 0 || end < 0 || lasts < 0)
		return false;
	f->present |= FF_BIT(FF_STIME);
	if (start == 0 && end == 0) {
		f->end_ns = it->export_ns;
		end = lasts;
	}
	if (start == 0 && lasts == 0) {
		f->start_ns = f->end_ns;
		return true;
	}
	if (end == 0 && lasts == 0) {
		f->end_ns = f->start_ns;
		return true;
	}
	f->present |= FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION);
	if (start == 0)
		return time_add(&f->start_ns, f->end_ns, -lasted) > 0;
	return end > 0 || time_add(&f->end_ns, f->start_ns, lasted) > 0;
}

/* The other direction has times of its own, or begins some time after the first and ends
 * with it. */
static bool time_reverse(struct ff_flow *f, const struct export_values *v,
			 const struct export_item *it)
{
	int64_t delay, duration;
	int start = export_time(&f->start_ns, v, it, 1, false);
	int end = export_time(&f->end_ns, v, it, 1, true);
	int lasts = time_duration(&duration, v, 1);

	if (start < 0 || end < 0 || lasts < 0)
		return false;
	if (start == 0 && export_has(v, 0, EXPORT_REVERSE_DELAY_MS)) {
		if (time_scaled(&delay, v->number[0][EXPORT_REVERSE_DELAY_MS], FF_MS) <
			    0 ||
		    time_add(&f->start_ns, f->start_ns, delay) < 0)
			return false;
		/* clocks of different grain */
		if (f->start_ns > f->end_ns && end == 0)
			f->end_ns = f->start_ns;
	}
	if (end == 0 && start > 0 && lasts > 0)
		end = time_add(&f->end_ns, f->start_ns, duration);
	if (end > 0)
		f->present |= FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION);
	return end >= 0;
}

bool export_times(struct ff_flow f[2], const struct export_values *v,
		  const struct export_item *it)
{
	if (!time_forward(&f[0], v, it))
		return false;
	f[1].start_ns = f[0].start_ns;
	f[1].end_ns = f[0].end_ns;
	f[1].present |= f[0].present &
			(FF_BIT(FF_STIME) | FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION));
	return v->has[1] == 0 || time_reverse(&f[1], v, it);
}
