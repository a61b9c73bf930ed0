/* SPDX-License-Identifier: MIT */
/* verdict: the likelihoods of counters against sums written out plainly, one log a
 * factor. */
#include "verdict_help.h"

#include "aggregate/verdict_kernel.h"

enum { MOST = 120 };
static const double plain_e[] = {.005, .02, .05, .15, .3, .5, .7};
static const double plain_geo[] = {1.02, 1.5, 2.5, 4, 6, 9, 16, 32, 64, 128, 256, 512};
static const double plain_log[] = {1, 1.3, 1.7, 2,  2.6, 3.4, 4.5, 6,
				   8, 12,  16,	20, 26,	 34,  45,  60};
static const double plain_width[] = {.1, .25, .6};
#define COUNT(a) (sizeof(a) / sizeof *(a))

struct plain_step {
	double gap, distance;
};

static double plain_density(const struct plain_step *s, double width, int kind, double m,
			    double b)
{
	double back = width - s->gap > 1 ? width - s->gap : 1;
	if (kind == 0) /* geometric, a share b backwards */
		return (1 - b) * pow(1 - 1 / m, s->gap - 1) / m +
		       b * pow(1 - 1 / m, back - 1) / m;
	return fmin(1,
		    exp(-fabs(log(s->gap / (m * s->distance))) / b) / (2 * b * s->gap));
}

static double plain_try(double best, const struct plain_step *steps, size_t n,
			double width, int kind, double m, double b)
{
	for (size_t j = 0; j < COUNT(plain_e); j++) {
		double ll = 0;
		for (size_t i = 0; i < n; i++)
			ll += log((1 - plain_e[j]) *
					  plain_density(&steps[i], width, kind, m, b) +
				  plain_e[j] / width);
		best = fmax(best, ll);
	}
	return best;
}

static double plain_best(const struct plain_step *steps, size_t n, double width,
			 const double *backs, size_t nbacks)
{
	double best = -HUGE_VAL;
	for (size_t m = 0; nbacks && m < COUNT(plain_geo); m++)
		for (size_t r = 0; plain_geo[m] <= width / 16 && r < nbacks; r++)
			best = plain_try(best, steps, n, width, 0, plain_geo[m],
					 backs[r]);
	for (size_t m = 0; m < COUNT(plain_log); m++)
		for (size_t b = 0; b < COUNT(plain_width); b++)
			best = plain_try(best, steps, n, width, 1, plain_log[m],
					 plain_width[b]);
	return best;
}

static double plain_gap(uint16_t a, uint16_t b, uint32_t width)
{
	uint32_t g = (b + width - a) % width;
	return g ? g : width;
}

struct plain_case {
	struct verdict_event events[MOST];
	size_t n;
	uint16_t lo, hi;
};

/* Ports that jump now and then, to a few destinations. */
static void plain_make(struct plain_case *c, struct help_random *r)
{
	c->lo = (uint16_t)(1024 + help_below(r, 30000));
	c->hi = (uint16_t)(c->lo + 20 + help_below(r, 30000));
	c->n = 20 + help_below(r, MOST - 20);
	uint32_t width = (uint32_t)(c->hi - c->lo) + 1, at = help_below(r, width);
	uint32_t step = 1 + help_below(r, 12), sites = 1 + help_below(r, 20);
	for (size_t i = 0; i < c->n; i++) {
		at = help_below(r, 9) ? (at + help_below(r, step + 1)) % width
				      : help_below(r, width);
		c->events[i] = (struct verdict_event){
			.time_ns = (int64_t)(i * i * 50) * FF_MS,
			.dest = help_below(r, sites),
			.tie = (uint32_t)i,
			.flow = (uint32_t)i,
			.port = (uint16_t)(c->lo + at),
		};
	}
}

static double plain_sequence(const struct plain_case *c, bool is_down)
{
	static const double backs[] = {0, .15, .4};
	struct plain_step steps[MOST];
	uint32_t width = (uint32_t)(c->hi - c->lo) + 1;
	for (size_t i = 1; i < c->n; i++) {
		uint16_t a = c->events[i - 1].port, b = c->events[i].port;
		steps[i - 1].gap =
			is_down ? plain_gap(b, a, width) : plain_gap(a, b, width);
		steps[i - 1].distance = 1;
	}
	return plain_best(steps, c->n - 1, width, backs, 3) - 1.5 * log((double)c->n) -
	       log(width);
}

static double plain_destination(const struct plain_case *c, enum verdict_kernel kernel)
{
	static const double backs[] = {0, .2};
	struct plain_step steps[MOST];
	uint32_t width = (uint32_t)(c->hi - c->lo) + 1;
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++) {
		size_t j = i;
		while (j > 0 && c->events[j - 1].dest != c->events[i].dest)
			j--;
		if (j-- == 0)
			continue;
		if (kernel == VERDICT_K_PER10 &&
		    c->events[i].time_ns - c->events[j].time_ns >= 10 * FF_SEC)
			continue;
		steps[n].gap = plain_gap(c->events[j].port, c->events[i].port, width);
		steps[n++].distance = kernel == VERDICT_K_SHARED ? (double)(i - j) : 1;
	}
	if (n < 3)
		return -(double)c->n * log(width);
	return plain_best(steps, n, width, backs, kernel == VERDICT_K_SHARED ? 0 : 2) -
	       1.5 * log((double)c->n) - (double)(c->n - n) * log(width);
}

static void assert_near(const char *what, double have, double want)
{
	if (fabs(have - want) > 1e-7 * (1 + fabs(want)))
		fail_msg("%s: %.9g, want %.9g", what, have, want);
}

static void test_kernels(void **state)
{
	(void)state;
	struct help_random r = {6};
	for (int round = 0; round < 25; round++) {
		static struct plain_case c;
		struct verdict_room room;
		struct verdict_fit fit;
		plain_make(&c, &r);
		assert_int_equal(verdict_room_init(&room, c.events, c.n, NULL), FF_OK);
		for (int k = VERDICT_K_UP; k <= VERDICT_K_PER10; k++) {
			enum verdict_kernel kernel = (enum verdict_kernel)k;
			double want;
			char what[40];
			memcpy(room.part, c.events, c.n * sizeof *c.events);
			snprintf(what, sizeof what, "round %d kernel %d", round, k);
			if (kernel <= VERDICT_K_DOWN) {
				bool is_down = kernel == VERDICT_K_DOWN;
				verdict_fit_sequence(&fit, &room, c.n, c.lo, c.hi,
						     is_down);
				want = plain_sequence(&c, is_down);
			} else {
				verdict_fit_destination(&fit, &room, c.n, c.lo, c.hi,
							kernel);
				want = plain_destination(&c, kernel);
			}
			assert_near(what, fit.ll, want);
		}
		verdict_room_release(&room);
	}
}

/* All orders of a group of equal times together are as likely as one order is, times
 * their number: so the charge makes a tie no gain over the order known. */
static void test_charge(void **state)
{
	(void)state;
	struct help_random r = {7};
	for (int round = 0; round < 25; round++) {
		static struct plain_case c;
		struct verdict_room room;
		struct verdict_fit apart, tied;
		double charge = 0;
		plain_make(&c, &r);
		assert_int_equal(verdict_room_init(&room, c.events, c.n, NULL), FF_OK);
		for (size_t i = 0; i < c.n;
		     i++) /* climbing, so that no order is better */
			c.events[i].port = (uint16_t)(c.lo + i * 20 / c.n);
		memcpy(room.part, c.events, c.n * sizeof *c.events);
		verdict_fit_sequence(&apart, &room, c.n, c.lo, c.hi, false);
		for (size_t i = 0; i < c.n; i++) {
			c.events[i].tie = (uint32_t)i / 4;
			c.events[i].time_ns = (int64_t)(i / 4);
		}
		for (size_t i = 0; i < c.n; i += 4)
			charge += lgamma((double)(c.n - i < 4 ? c.n - i : 4) + 1);
		memcpy(room.part, c.events, c.n * sizeof *c.events);
		verdict_fit_sequence(&tied, &room, c.n, c.lo, c.hi, false);
		assert_near("tied", tied.ll, apart.ll - charge);
		verdict_room_release(&room);
	}
}

static void test_factorial(void **state)
{
	(void)state;
	static const size_t ks[] = {0, 1, 2, 5, 31, 32, 33, 100, 20000};
	for (size_t i = 0; i < COUNT(ks); i++) {
		double want = lgamma((double)ks[i] + 1);
		if (fabs(verdict_log_factorial(ks[i]) - want) > 1e-6)
			fail_msg("%zu", ks[i]);
	}
}

/* Chernoff's bound lies above the binomial tail, and not far. */
static void test_tail(void **state)
{
	(void)state;
	for (size_t n = 10; n <= 60; n += 10)
		for (size_t k = n / 2 + 1; k <= n; k++) {
			double sum = 0;
			for (size_t j = k; j <= n; j++)
				sum += exp(lgamma((double)n + 1) - lgamma((double)j + 1) -
					   lgamma((double)(n - j) + 1) -
					   (double)n * log(2));
			double bound = verdict_tail(k, n, .5);
			assert_true(bound >= log(sum) - 1e-9);
			assert_true(bound < log(sum) + 3);
		}
	assert_true(verdict_tail(4, 10, .5) == 0);
	assert_true(verdict_tail(0, 0, .5) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_charge),
		cmocka_unit_test(test_factorial),
		cmocka_unit_test(test_tail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
