/* SPDX-License-Identifier: MIT */
/* verdict_density - step densities of counters. Each density f(g) of the forward gap
 * g = 1..W is mixed with a uniform, (1-e) f(g) + e/W, and the best of a grid of
 * parameters is taken. */
#include "aggregate/verdict_kernel.h"

#include <math.h>

enum {
	DENSITY_ES = 7,
	DENSITY_STEPS = 12, /* of Geo */
	DENSITY_LOGS = 16,  /* of LogL */
	DENSITY_WIDTHS = 3,
};
static const double density_e[DENSITY_ES] = {.005, .02, .05, .15, .3, .5, .7};
static const double density_geo[DENSITY_STEPS] = {1.02, 1.5, 2.5, 4,   6,   9,
						  16,	32,  64,  128, 256, 512};
static const double density_log[DENSITY_LOGS] = {1, 1.3, 1.7, 2,  2.6, 3.4, 4.5, 6,
						 8, 12,	 16,  20, 26,  34,  45,	 60};
static const double density_width[DENSITY_WIDTHS] = {.1, .25, .6};

/* One density under every e at once. Factors are multiplied and logged together: at
 * least 7e-8 each, so that MIX_FACTORS of them stay far above the smallest double. */
enum { MIX_FACTORS = 32 };
struct mix {
	double ll[DENSITY_ES], product[DENSITY_ES];
	unsigned pending;
};

static void mix_start(struct mix *m)
{
	for (int j = 0; j < DENSITY_ES; j++) {
		m->ll[j] = 0;
		m->product[j] = 1;
	}
	m->pending = 0;
}

static void mix_flush(struct mix *m)
{
	for (int j = 0; j < DENSITY_ES; j++) {
		m->ll[j] += log(m->product[j]);
		m->product[j] = 1;
	}
	m->pending = 0;
}

static void mix_add(struct mix *m, double density, double uniform, uint32_t count)
{
	if (count > 1) {
		for (int j = 0; j < DENSITY_ES; j++)
			m->ll[j] += count * log((1 - density_e[j]) * density +
						density_e[j] * uniform);
		return;
	}
	for (int j = 0; j < DENSITY_ES; j++)
		m->product[j] *= (1 - density_e[j]) * density + density_e[j] * uniform;
	if (++m->pending == MIX_FACTORS)
		mix_flush(m);
}

static void mix_end(struct mix *m, double step, struct verdict_fit *best)
{
	mix_flush(m);
	for (int j = 0; j < DENSITY_ES; j++)
		if (m->ll[j] > best->ll) {
			best->ll = m->ll[j];
			best->step = step;
			best->e = density_e[j];
		}
}

void verdict_fit_geo(struct verdict_fit *best, const struct verdict_step *steps, size_t n,
		     double width, const double *backs, size_t nbacks)
{
	struct mix mix[3];

	for (int m = 0; m < DENSITY_STEPS && density_geo[m] <= width / 16; m++) {
		double mean = density_geo[m], decay = log1p(-1 / mean);
		for (size_t r = 0; r < nbacks; r++)
			mix_start(&mix[r]);
		for (size_t i = 0; i < n; i++) {
			double up = exp((steps[i].gap - 1) * decay) / mean;
			double down = exp((steps[i].back - 1) * decay) / mean;
			for (size_t r = 0; r < nbacks; r++)
				mix_add(&mix[r], (1 - backs[r]) * up + backs[r] * down,
					1 / width, steps[i].count);
		}
		for (size_t r = 0; r < nbacks; r++)
			mix_end(&mix[r], mean, best);
	}
}

/* ln(gap) is Laplace about ln(m D). exp(-|ln x - ln m| / b) is the
 * smaller of x^(1/b) / m^(1/b) and its inverse, so one power a step serves every m. */
void verdict_fit_log(struct verdict_fit *best, const struct verdict_step *steps, size_t n,
		     double width)
{
	struct mix mix[DENSITY_LOGS];
	double power[DENSITY_LOGS];

	for (int w = 0; w < DENSITY_WIDTHS; w++) {
		double b = density_width[w];
		for (int m = 0; m < DENSITY_LOGS; m++) {
			mix_start(&mix[m]);
			power[m] = pow(density_log[m], 1 / b);
		}
		for (size_t i = 0; i < n; i++) {
			double x = exp(log(steps[i].gap / steps[i].distance) / b);
			double height = 1 / (2 * b * steps[i].gap);
			for (int m = 0; m < DENSITY_LOGS; m++) {
				double t = x / power[m];
				double f = height * (t < 1 ? t : 1 / t);
				mix_add(&mix[m], f < 1 ? f : 1, 1 / width,
					steps[i].count);
			}
		}
		for (int m = 0; m < DENSITY_LOGS; m++)
			mix_end(&mix[m], density_log[m], best);
	}
}
