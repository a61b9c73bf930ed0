/* SPDX-License-Identifier: MIT */
/* simulate_slow_scan - the situation behind the bump of a contact surface (Gates and
 * McHugh, "The Contact Surface", DIMVA 2008): a background of strangers whose number of
 * destinations in an hour follows a power law, sweeps of whole blocks, and a small
 * population that scans at one low rate for part of the time. Everything is inbound. */
#include "cli/simulate.h"

#include <string.h>

enum { SLOW_POISSON, SLOW_PERIODIC, SLOW_BURST };

struct slow_params {
	double exponent;
	uint64_t scanners, sweeps, port;
	const char *rate;
	int mode;
	int64_t period_ns;
	double scan_from, scan_days;
};

static const char *const slow_modes[] = {"poisson", "periodic", "burst", NULL};
static const struct ff_opt slow_opts[] = {
	{.name = "exponent",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "X",
	 .help = "background: sources with n destinations in an hour go as n to the "
		 "minus X",
	 .offset = offsetof(struct slow_params, exponent),
	 .def = "2.7",
	 .min = 1.2,
	 .max = 6},
	{.name = "mode",
	 .kind = FF_OPT_CHOICE,
	 .arg = "MODE",
	 .help = "slow scanning: periodic (all hosts in step, within less than an hour "
		 "in each "
		 "period), burst (within minutes, at random times, once a period on "
		 "average) or "
		 "poisson (all the time: many more flows)",
	 .offset = offsetof(struct slow_params, mode),
	 .def = "periodic",
	 .choices = slow_modes},
	{.name = "period",
	 .kind = FF_OPT_DURATION,
	 .arg = "TIME",
	 .help = "slow scanning: time from one pulse to the next, 2h to 7d",
	 .offset = offsetof(struct slow_params, period_ns),
	 .def = "12h"},
	{.name = "port",
	 .kind = FF_OPT_UINT,
	 .arg = "PORT",
	 .help = "slow scanning: TCP port that is scanned",
	 .offset = offsetof(struct slow_params, port),
	 .def = "445",
	 .min = 1,
	 .max = 65535},
	{.name = "rate",
	 .kind = FF_OPT_STRING,
	 .arg = "LO-HI",
	 .help = "slow scanning: inside hosts that a scanner contacts in an hour; each "
		 "scanner has "
		 "its own number in this range",
	 .offset = offsetof(struct slow_params, rate),
	 .def = "20-37"},
	{.name = "scan-days",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "SHARE",
	 .help = "slow scanning: how long it lasts, as a share of --days",
	 .offset = offsetof(struct slow_params, scan_days),
	 .def = "0.4",
	 .min = 0,
	 .max = 1},
	{.name = "scan-from",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "SHARE",
	 .help = "slow scanning: when it begins, as a share of --days",
	 .offset = offsetof(struct slow_params, scan_from),
	 .def = "0.3",
	 .min = 0,
	 .max = 1},
	{.name = "scanners",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .help = "slow scanning: number of hosts, whatever the scale",
	 .offset = offsetof(struct slow_params, scanners),
	 .def = "300",
	 .min = 0,
	 .max = 100000},
	{.name = "sweeps",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .help = "scans of a quarter, a half or the whole of the inside prefix, whatever "
		 "the scale",
	 .offset = offsetof(struct slow_params, sweeps),
	 .def = "60",
	 .min = 0,
	 .max = 100000},
	{.name = NULL},
};

#define SLOW_BACKGROUND 170000 /* flows at scale 1 in 30 days */

/* The scanning population from the options; FF_EUSAGE when they do not go together. */
static int slow_plan_scan(struct ff_sim_slow *s, const struct ff_sim *sim,
			  const struct slow_params *p, struct ff_err *err)
{
	uint64_t low, high;
	const char *dash = strchr(p->rate, '-');
	const char *second = dash ? dash + 1 : p->rate;
	if (!ff_parse_u64(&low, p->rate,
			  dash ? (size_t)(dash - p->rate) : strlen(p->rate)) ||
	    !ff_parse_u64(&high, second, strlen(second)))
		return ff_fail(err, FF_EUSAGE,
			       "--rate='%s' is not a number or a range such as 20-37",
			       p->rate);
	if (low < 1 || high < low || high > ff_sim_hosts(sim) / 4)
		return ff_fail(
			err, FF_EUSAGE,
			"--rate='%s' must lie within 1-%lu, a quarter of the prefix",
			p->rate, (unsigned long)ff_sim_hosts(sim) / 4);
	if (p->period_ns < 2 * FF_HOUR || p->period_ns > 7 * FF_DAY)
		return ff_fail(err, FF_EUSAGE, "--period must lie within 2h and 7d");
	uint64_t hours = ff_sim_hours(sim);
	/* whole hours; the last two hours stay free so that the last pulse is complete */
	uint64_t from = (uint64_t)(p->scan_from * (double)hours + 0.5);
	uint64_t to = from + (uint64_t)(p->scan_days * (double)hours + 0.5);
	if (to > hours - 2)
		to = hours - 2;
	*s = (struct ff_sim_slow){
		.hosts = (uint32_t)p->scanners,
		.low = (uint32_t)low,
		.high = (uint32_t)high,
		.from_ms = from * FF_SIM_HOUR_MS,
		.to_ms = to * FF_SIM_HOUR_MS,
		.period_ms = (uint64_t)(p->period_ns / FF_MS),
		.port = (uint16_t)p->port,
		.protocol = 6,
	};
	return FF_OK;
}

/* Flows that sweeps and scanning are expected to make; exact for periodic. */
static uint64_t slow_expected(const struct ff_sim *sim, const struct ff_sim_slow *s,
			      const struct slow_params *p)
{
	uint64_t rates = 0, length = s->to_ms > s->from_ms ? s->to_ms - s->from_ms : 0;
	for (uint32_t h = 0; h < s->hosts; h++)
		rates += ff_sim_slow_rate(sim, s, h);
	uint64_t turns = p->mode == SLOW_POISSON
				 ? length / FF_SIM_HOUR_MS
				 : (length + s->period_ms - 1) / s->period_ms;
	return rates * turns + p->sweeps * ff_sim_hosts(sim) * 9 / 20;
}

static int slow_plan(uint64_t *flows, const struct ff_sim *sim, const void *params,
		     double scale, struct ff_err *err)
{
	const struct slow_params *p = params;
	struct ff_sim_slow s;
	int status = slow_plan_scan(&s, sim, p, err);
	if (status != FF_OK)
		return status;
	*flows = (uint64_t)(SLOW_BACKGROUND * scale * sim->days / 30 + 0.5) +
		 slow_expected(sim, &s, p);
	return FF_OK;
}

/* ---- the scanning that is not in step ---- */

static void slow_poisson(struct ff_sim *sim, const struct ff_sim_slow *s)
{
	struct ff_sim_random *r = &sim->random;
	for (uint32_t h = 0; h < s->hosts; h++) {
		uint32_t outside = ff_sim_outside(sim, s->first + h);
		double gap = (double)FF_SIM_HOUR_MS / ff_sim_slow_rate(sim, s, h);
		uint16_t sport = (uint16_t)ff_sim_random_between(r, 1024, 65535);
		uint64_t at = s->from_ms + (uint64_t)ff_sim_random_exponential(r, gap);
		while (at < s->to_ms && !ff_sim_full(sim)) {
			ff_sim_probe(sim, at, outside,
				     ff_sim_random_below(r, ff_sim_hosts(sim)), sport,
				     s->port, s->protocol);
			at += (uint64_t)ff_sim_random_exponential(r, gap);
		}
	}
}

static void slow_burst(struct ff_sim *sim, const struct ff_sim_slow *s)
{
	struct ff_sim_random *r = &sim->random;
	for (uint32_t h = 0; h < s->hosts; h++) {
		uint32_t outside = ff_sim_outside(sim, s->first + h),
			 n = ff_sim_slow_rate(sim, s, h);
		double gap = (double)s->period_ms;
		uint64_t at = s->from_ms + (uint64_t)ff_sim_random_exponential(r, gap);
		while (at < s->to_ms && !ff_sim_full(sim)) {
			uint64_t key = ff_sim_random_bits(r);
			uint16_t sport = (uint16_t)ff_sim_random_between(r, 1024, 65535);
			uint32_t span = ff_sim_random_between(r, 60000, 300000);
			for (uint32_t i = 0; i < n; i++)
				ff_sim_probe(sim, at + ff_sim_random_below(r, span),
					     outside,
					     ff_sim_permute(i, sim->inside_bits, key),
					     sport, s->port, s->protocol);
			/* not before this burst is over */
			at += span + (uint64_t)ff_sim_random_exponential(r, gap);
		}
	}
}

static void slow_scan(struct ff_sim *sim, struct ff_sim_slow *s,
		      const struct slow_params *p)
{
	ff_sim_begin(sim, "slow-scan", "a few hundred hosts that scan at one low rate",
		     UINT64_MAX);
	s->first = ff_sim_take(sim, s->hosts);
	if (p->mode == SLOW_POISSON)
		slow_poisson(sim, s);
	else if (p->mode == SLOW_BURST)
		slow_burst(sim, s);
	else
		ff_sim_slow_periodic(sim, s);
	ff_sim_fact_text(sim, "mode", slow_modes[p->mode]);
	ff_sim_fact(sim, "hosts", FF_SIM_NUMBER, s->hosts);
	ff_sim_fact(sim, "destinations_low", FF_SIM_NUMBER, s->low);
	ff_sim_fact(sim, "destinations_high", FF_SIM_NUMBER, s->high);
	ff_sim_fact(sim, "from", FF_SIM_TIME,
		    sim->start_ns + (int64_t)s->from_ms * FF_MS);
	ff_sim_fact(sim, "to", FF_SIM_TIME, sim->start_ns + (int64_t)s->to_ms * FF_MS);
	if (p->mode != SLOW_POISSON)
		ff_sim_fact(sim, "period", FF_SIM_DURATION, p->period_ns);
}

/* ---- background ---- */

/* The flows of one source in one hour: n distinct destinations, some visited again. */
static void slow_stranger(struct ff_sim *sim, uint32_t outside, uint64_t hour, uint32_t n)
{
	struct ff_sim_random *r = &sim->random;
	uint32_t window =
		n == 1 ? 1 : ff_sim_random_between(r, 1000, FF_SIM_HOUR_MS - 1000);
	uint64_t start =
		hour * FF_SIM_HOUR_MS + ff_sim_random_below(r, FF_SIM_HOUR_MS - window);
	uint64_t end = (hour + 1) * FF_SIM_HOUR_MS, key = ff_sim_random_bits(r);
	uint8_t protocol;
	uint16_t dport = ff_sim_scanned_port(sim, &protocol);
	for (uint32_t i = 0; i < n && !ff_sim_full(sim); i++) {
		uint32_t host = ff_sim_permute(i, sim->inside_bits, key);
		uint64_t at = start + ff_sim_random_below(r, window);
		do {
			ff_sim_probe(sim, at, outside, host,
				     (uint16_t)ff_sim_random_between(r, 1024, 65535),
				     dport, protocol);
			at += ff_sim_random_between(r, 500, 30000);
		} while (at < end && ff_sim_random_percent(r, 12) && !ff_sim_full(sim));
	}
}

/* Strangers until the target is met. A third come back in other hours, from a pool that
 * is walked in another order each hour, so that none is met twice in one. */
static int slow_background(struct ff_sim *sim, const struct slow_params *p,
			   struct ff_err *err)
{
	ff_sim_begin(sim, "background",
		     "strangers with a power law of destinations in an hour", UINT64_MAX);
	struct ff_sim_random *r = &sim->random;
	struct ff_sim_powerlaw law = {0};
	uint32_t *met = NULL, max = ff_sim_hosts(sim) / 4 - 1;
	uint64_t hours = ff_sim_hours(sim);
	unsigned pool_bits =
		6; /* at least eight times the mean of returning sources in an hour */
	while (pool_bits < 20 &&
	       (UINT64_C(1) << pool_bits) * hours < ff_sim_room(sim) * 2)
		pool_bits++;
	uint32_t pool = UINT32_C(1) << pool_bits, first = ff_sim_take(sim, pool);
	int status = ff_sim_powerlaw_init(&law, p->exponent, max, err);
	if (status != FF_OK)
		goto out;
	met = ff_calloc((size_t)hours, sizeof *met);
	if (!met) {
		status = ff_fail_nomem(err);
		goto out;
	}
	while (!ff_sim_full(sim)) {
		uint64_t hour = ff_sim_hour(sim, FF_SIM_WORLD);
		uint32_t n = ff_sim_powerlaw_draw(&law, r), number;
		if (ff_sim_random_percent(r, 33) && met[hour] < pool)
			number = first + ff_sim_permute(met[hour]++, pool_bits, hour);
		else
			number = ff_sim_take(sim, 1);
		slow_stranger(sim, ff_sim_outside(sim, number), hour, n);
	}
	ff_sim_fact(sim, "destinations_low", FF_SIM_NUMBER, 1);
	ff_sim_fact(sim, "destinations_high", FF_SIM_NUMBER, max);
	ff_sim_fact(sim, "exponent_thousandths", FF_SIM_NUMBER,
		    (int64_t)(p->exponent * 1000 + 0.5));
out:
	ff_sim_powerlaw_release(&law);
	ff_free(met);
	return status;
}

static int slow_generate(struct ff_sim *sim, const void *params, struct ff_err *err)
{
	const struct slow_params *p = params;
	struct ff_sim_slow s;
	int status = slow_plan_scan(&s, sim, p, err);
	if (status != FF_OK)
		return status;
	uint64_t expected = slow_expected(sim, &s, p);
	if (expected > sim->target)
		return ff_fail(
			err, FF_EUSAGE,
			"--flows=%llu leaves no room for the background: scanning alone "
			"makes about "
			"%llu flows; ask for fewer --scanners, --sweeps or --scan-days",
			(unsigned long long)sim->target, (unsigned long long)expected);
	slow_scan(sim, &s, p);
	ff_sim_begin(sim, "sweeps", "scans of whole blocks of the inside prefix",
		     UINT64_MAX);
	ff_sim_sweeps(sim, (uint32_t)p->sweeps);
	return slow_background(sim, p, err);
}

const struct ff_sim_scenario ff_sim_slow_scan = {
	.name = "slow-scan",
	.summary =
		"power-law strangers and a few hundred hosts that scan slowly, in step",
	.title = "Scenario slow-scan",
	.opts = slow_opts,
	.params_size = sizeof(struct slow_params),
	.plan = slow_plan,
	.generate = slow_generate,
};
