/* SPDX-License-Identifier: MIT */
/* figure/bundle: numbers of the layout - angles, bars, control points, ranks, density -
 * and names; figure/spline against a direct evaluation. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "bundle_help.h"
#include "figure/bundle.h"
#include "figure/spline.h"

static void assert_near(double a, double b, double slack)
{
	if (!(fabs(a - b) <= slack))
		fail_msg("%.9g is not %.9g", a, b);
}

/* ---- splines ---- */

/* The uniform cubic B-spline by its basis functions. */
static struct ff_point spline_direct(const struct ff_point *q, double t)
{
	double w[4] = {(1 - t) * (1 - t) * (1 - t) / 6,
		       (3 * t * t * t - 6 * t * t + 4) / 6,
		       (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6, t * t * t / 6};
	struct ff_point p = {0, 0};

	for (int i = 0; i < 4; i++) {
		p.x += w[i] * q[i].x;
		p.y += w[i] * q[i].y;
	}
	return p;
}

static struct ff_point bezier_at(const struct ff_point *p, double t)
{
	double u = 1 - t;
	double w[4] = {u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t};
	struct ff_point at = {0, 0};

	for (int i = 0; i < 4; i++) {
		at.x += w[i] * p[i].x;
		at.y += w[i] * p[i].y;
	}
	return at;
}

static void test_spline(void **state)
{
	struct dice d = {1};

	(void)state;
	for (int round = 0; round < 200; round++) {
		size_t n = 2 + (size_t)dice_roll(&d, FF_SPLINE_POINTS - 1);
		struct ff_point p[FF_SPLINE_POINTS], q[FF_SPLINE_POINTS + 4];
		struct ff_point out[FF_SPLINE_BEZIERS(FF_SPLINE_POINTS)];

		for (size_t i = 0; i < n; i++)
			p[i] = (struct ff_point){100 * dice_unit(&d),
						 100 * dice_unit(&d)};
		for (size_t i = 0; i < n + 4; i++)
			q[i] = p[i < 2 ? 0 : i - 2 < n ? i - 2 : n - 1];
		assert_int_equal(ff_spline_bezier(out, p, n), 3 * (n + 1) + 1);
		for (size_t k = 0; k < n + 1; k++)
			for (double t = 0; t <= 1; t += .125) {
				struct ff_point a = spline_direct(q + k, t);
				struct ff_point b = bezier_at(out + 3 * k, t);

				assert_near(a.x, b.x, 1e-9);
				assert_near(a.y, b.y, 1e-9);
			}
		assert_near(out[3 * (n + 1)].x, p[n - 1].x, 1e-9);
	}
}

static void test_straighten(void **state)
{
	const struct ff_point bent[] = {{0, 0}, {1, 9}, {2, -9}, {3, 3}};
	struct ff_point p[4];

	(void)state;
	memcpy(p, bent, sizeof(p));
	ff_spline_straighten(p, 4, 1);
	assert_memory_equal(p, bent, sizeof(p));
	ff_spline_straighten(p, 4, 0);
	for (int i = 0; i < 4; i++)
		assert_near(p[i].y, p[i].x, 1e-12);
	memcpy(p, bent, sizeof(p));
	ff_spline_straighten(p, 4, .5);
	assert_near(p[1].y, 5, 1e-12);
	assert_near(p[2].y, -3.5, 1e-12);
}

/* ---- layout ---- */

static const struct sample_side whole = {"sip", true, false, 0, 0, UINT64_C(1) << 32,
					 256};
static const struct sample_side slash22 = {"dip", true, false, 22, UINT64_C(0xc6120400),
					   1024,  256};
static const struct sample_side slash24 = {"dip", true, false, 24, UINT64_C(0xac100100),
					   256,	  256};

static const double degree = 3.14159265358979323846 / 180;

static void check_arc(const struct ff_bundle_arc *a, const struct ff_bundle_side *s)
{
	double at = 0;

	for (unsigned i = 0; i < s->parts; i++) {
		assert_true(a->from[i] >= at - 1e-12 && a->to[i] >= a->from[i]);
		at = a->to[i];
	}
	assert_true(a->low >= 11 * degree - 1e-9 && a->high <= 169 * degree + 1e-9);
	assert_near(a->low + a->high, 180 * degree, 1e-9); /* centred */
}

static void test_random_angles(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < 300; seed++) {
		static struct ff_bundle_data data;
		struct ff_bundle_layout l;
		struct dice d = {seed};
		struct ff_result r;

		sample_random(&r, &d, pow(10, 3.5 * dice_unit(&d)));
		assert_int_equal(ff_bundle_data_init(&data, &r, NULL), FF_OK);
		for (int arc = 0; arc < 2; arc++) {
			ff_bundle_angles(&l, &data, arc);
			ff_bundle_radii(&l, &data, 100, 1);
			for (int side = 0; side < 2; side++)
				check_arc(&l.arc[side], &data.side[side]);
		}
		ff_bundle_data_release(&data);
		ff_result_release(&r);
	}
}

/* Fifty of a /24: they share 86 % of the arc, the others the rest. */
static void test_fit(void **state)
{
	static struct ff_bundle_data data;
	struct sample_side side[2] = {slash24, slash24};
	struct ff_bundle_layout l;
	struct ff_result r;
	double used = 0;

	(void)state;
	side[0].field = "sip";
	sample_tables(&r, side);
	for (unsigned i = 0; i < 50; i++)
		sample_cell(&r, side, 11, 3 * i, 1 + i);
	sample_attrs(&r, side, "flows", 0, 10);
	assert_int_equal(ff_bundle_data_init(&data, &r, NULL), FF_OK);
	assert_int_equal(data.side[1].used, 50);
	assert_int_equal(data.links[0].right, 147);
	assert_int_equal(data.ntop, 10);
	ff_bundle_angles(&l, &data, FF_BUNDLE_FIT);
	for (unsigned i = 0; i < 50; i++)
		used += l.arc[1].to[3 * i] - l.arc[1].from[3 * i];
	assert_near(used, .86 * 158 * degree, 1e-9);
	assert_near(l.arc[0].to[11] - l.arc[0].from[11], 14 * degree, 1e-9);
	assert_near(l.arc[1].high - l.arc[1].low, 158 * degree, 1e-9);
	/* equal parts keep their places whatever is in use */
	ff_bundle_angles(&l, &data, FF_BUNDLE_EQUAL);
	assert_near(l.arc[1].to[3] - l.arc[1].from[3], (158 - 15 * .9) / 256 * degree,
		    1e-9);
	ff_bundle_data_release(&data);
	ff_result_release(&r);
}

static void test_hierarchy(void **state)
{
	static const struct {
		unsigned prefix;
		size_t levels;
		unsigned parts[2], bits[2];
	} rows[] = {
		{0, 1, {16, 0}, {4, 0}},   {22, 2, {16, 64}, {26, 24}},
		{20, 1, {16, 0}, {24, 0}}, {19, 2, {8, 16}, {24, 23}},
		{24, 1, {16, 0}, {28, 0}}, {28, 0, {0, 0}, {0, 0}},
		{26, 1, {4, 0}, {30, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct ff_bundle_data data;
		struct sample_side side[2] = {whole, slash22};
		struct ff_result r;

		side[1].prefix = (int)rows[i].prefix;
		side[1].size = UINT64_C(1) << (32 - rows[i].prefix);
		side[1].lo = rows[i].prefix ? UINT64_C(0xc6120000) : 0;
		side[1].parts = side[1].size < 256 ? (unsigned)side[1].size : 256;
		sample_tables(&r, side);
		sample_cell(&r, side, 1, 1, 1);
		sample_attrs(&r, side, "flows", 0, 10);
		assert_int_equal(ff_bundle_data_init(&data, &r, NULL), FF_OK);
		assert_int_equal(data.side[1].levels, rows[i].levels);
		for (size_t k = 0; k < rows[i].levels; k++) {
			assert_int_equal(data.side[1].level_parts[k], rows[i].parts[k]);
			assert_int_equal(data.side[1].level_bits[k], rows[i].bits[k]);
		}
		ff_bundle_data_release(&data);
		ff_result_release(&r);
	}
}

/* Bars are linear from zero, cut where three would leave the others hairlines. */
static void test_bars(void **state)
{
	static struct ff_bundle_data data;
	const struct sample_side side[2] = {whole, slash22};
	struct ff_bundle_layout l;
	struct ff_result r;

	(void)state;
	sample_tables(&r, side);
	for (unsigned i = 0; i < 40; i++)
		sample_cell(&r, side, i, i, i < 3 ? 1000 : 10 + i);
	sample_attrs(&r, side, "flows", 0, 10);
	assert_int_equal(ff_bundle_data_init(&data, &r, NULL), FF_OK);
	ff_bundle_angles(&l, &data, FF_BUNDLE_FIT);
	ff_bundle_radii(&l, &data, 100, 1);
	assert_near(l.bar_height, 13.5, 1e-9);
	/* eighth largest of 40 + 40 shares: 48 of 4,137 */
	assert_near(l.bar_share, .02, 1e-9);
	for (unsigned i = 0; i < 40; i++) {
		double share = (double)data.side[1].part[i].value / data.total;

		assert_int_equal(l.arc[1].is_cut[i], i < 3);
		assert_near(l.arc[1].bar[i], fmin(share / .02, 1.16) * 13.5, 1e-9);
	}
	assert_near(l.arc[1].bar[77], 0, 0);
	ff_bundle_data_release(&data);
	ff_result_release(&r);
}

static void test_paths(void **state)
{
	static struct ff_bundle_data data;
	const struct sample_side side[2] = {whole, slash22};
	struct ff_point p[FF_SPLINE_POINTS];
	struct ff_bundle_layout l;
	struct ff_result r;

	(void)state;
	sample_tables(&r, side);
	for (unsigned i = 0; i < 100; i++)
		for (unsigned k = 0; k < 100; k += 1 + i % 7)
			sample_cell(&r, side, i, k, 1 + i * k % 13);
	sample_attrs(&r, side, "flows", 0, 10);
	assert_int_equal(ff_bundle_data_init(&data, &r, NULL), FF_OK);
	ff_bundle_angles(&l, &data, FF_BUNDLE_FIT);
	ff_bundle_radii(&l, &data, 100, 1);
	for (size_t i = 0; i < data.nlinks; i += 31) {
		const double radii[] = {1, .74, .52, .74, 1};

		assert_int_equal(ff_bundle_path(p, &l, &data, &data.links[i], 1), 5);
		assert_near(hypot(p[0].x, p[0].y), 100, 1e-9);
		assert_true(p[0].x < 0 && p[4].x > 0);
		assert_near(hypot(p[1].x, p[1].y), 100 * radii[1], 1e-9);
		/* right: leaf, /26 at .74, /24 at .52, and the left's group */
		assert_near(hypot(p[2].x, p[2].y), 52, 1e-9);
		assert_near(hypot(p[3].x, p[3].y), 74, 1e-9);
		assert_near(hypot(p[4].x, p[4].y), 100, 1e-9);
		/* both halves together are the path, however straight */
		for (double beta = 0; beta <= 1; beta += .25) {
			struct ff_point a[FF_SPLINE_POINTS], b[FF_SPLINE_POINTS];
			const struct ff_bundle_link *link = &data.links[i];

			ff_bundle_path(p, &l, &data, link, beta);
			assert_int_equal(
				ff_bundle_half(a, &l, &data, 0, link->left, beta), 5);
			assert_int_equal(
				ff_bundle_half(b, &l, &data, 1, link->right, beta), 5);
			for (int k = 0; k < 5; k++) {
				assert_near(a[k].x + b[k].x, p[k].x, 1e-9);
				assert_near(a[k].y + b[k].y, p[k].y, 1e-9);
			}
		}
	}
	ff_bundle_data_release(&data);
	ff_result_release(&r);
}

/* ---- words ---- */

static void test_ranks(void **state)
{
	static const struct {
		unsigned left[10];
		const char *words; /* of part 1 */
	} rows[] = {
		{{1, 2, 2, 1, 1, 1, 1, 1, 1, 1},
		 "1 4\xe2\x80\x93"
		 "10"},
		{{1, 1, 2, 1, 1, 1, 2, 2, 2, 2},
		 "1 2 4\xe2\x80\x93"
		 "6"},
		{{2, 2, 2, 2, 2, 2, 2, 2, 2, 1}, "10"},
		{{2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, ""},
		{{1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
		 "1\xe2\x80\x93"
		 "10"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct ff_bundle_data data;
		struct ff_bundle_link links[10];
		struct ff_buf b = FF_BUF_INIT;

		for (int k = 0; k < 10; k++)
			links[k] =
				(struct ff_bundle_link){(uint16_t)rows[i].left[k], 0, 1};
		data.links = links;
		data.nlinks = data.ntop = 10;
		ff_bundle_ranks(&b, &data, 0, 1);
		assert_string_equal(ff_buf_str(&b), rows[i].words);
		ff_buf_release(&b);
	}
}

static void test_names(void **state)
{
	static const struct {
		struct sample_side side;
		unsigned part;
		const char *whole, *brief;
	} rows[] = {
		{{"sip", true, false, 0, 0, UINT64_C(1) << 32, 256},
		 57,
		 "57.0.0.0/8",
		 "57/8"},
		{{"dip", true, false, 22, UINT64_C(0xc6120400), 1024, 256},
		 66,
		 "198.18.5.8/30",
		 "5.8/30"},
		{{"dip", true, false, 24, UINT64_C(0xac100100), 256, 256},
		 11,
		 "172.16.1.11",
		 "11"},
		{{"dip", true, false, -1, UINT64_C(0xac100100), 768, 256},
		 0,
		 "172.16.1.0\xe2\x80\x93"
		 "172.16.1.2",
		 "1.0\xe2\x80\x93"
		 "1.2"},
		{{"dip", true, true, 32, 0, 256, 256},
		 0x2f,
		 "2001:db8:2f00::/40",
		 "2f00/40"},
		{{"dip", true, true, 120, 0, 256, 256}, 9, "2001:db8:7::9", "9"},
		{{"dport", false, false, -1, 0, 256, 256}, 80, "80 http", "80 http"},
		{{"dport", false, false, -1, 0, 65536, 256},
		 1,
		 "256\xe2\x80\x93"
		 "511",
		 "256\xe2\x80\x93"
		 "511"},
		{{"protocol", false, false, -1, 0, 256, 256}, 6, "6 TCP", "6 TCP"},
		{{"bytes", false, false, -1, 0, UINT64_C(1) << 32, 256},
		 1,
		 "16,777,216\xe2\x80\x93"
		 "33,554,431",
		 "16.8M\xe2\x80\x93"
		 "33.6M"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct ff_bundle_data data;
		struct sample_side side[2] = {rows[i].side, rows[i].side};
		struct ff_buf b = FF_BUF_INIT;
		struct ff_result r;

		sample_tables(&r, side);
		sample_cell(&r, side, 1, 1, 1);
		sample_attrs(&r, side, "flows", 0, 10);
		assert_int_equal(ff_bundle_data_init(&data, &r, NULL), FF_OK);
		ff_bundle_name(&b, &data.side[0], rows[i].part);
		assert_string_equal(ff_buf_str(&b), rows[i].whole);
		ff_buf_clear(&b);
		ff_bundle_short_name(&b, &data.side[0], rows[i].part);
		assert_string_equal(ff_buf_str(&b), rows[i].brief);
		ff_buf_release(&b);
		ff_bundle_data_release(&data);
		ff_result_release(&r);
	}
}

static void check_title(const struct ff_result *r, const char *want)
{
	static struct ff_bundle_data data;
	struct ff_buf b = FF_BUF_INIT;

	assert_int_equal(ff_bundle_data_init(&data, r, NULL), FF_OK);
	ff_bundle_title(&b, &data);
	if (strncmp(ff_buf_str(&b), want, strlen(want)) != 0)
		fail_msg("'%s' is not '%s'", ff_buf_str(&b), want);
	ff_buf_release(&b);
	ff_bundle_data_release(&data);
}

static void test_titles(void **state)
{
	const struct sample_side wide[2] = {whole, slash22};
	struct sample_side own[2] = {slash24, slash24};
	const struct sample_side lands[2] = {{"scc", false, false, -1, 0, 256, 256},
					     {"dcc", false, false, -1, 0, 256, 256}};
	struct ff_result r;

	(void)state;
	own[0].field = "sip";
	sample_tables(&r, own);
	sample_cell(&r, own, 11, 1, 10);
	sample_attrs(&r, own, "flows", 7, 10);
	check_title(&r, "All 10 flows run from 172.16.1.11 to 172.16.1.1");
	for (unsigned i = 2; i < 51; i++)
		sample_cell(&r, own, 11, i, 5);
	check_title(&r, "One host, 172.16.1.11, reaches 50 addresses of its own /24");
	ff_result_release(&r);
	sample_tables(&r, wide);
	for (unsigned i = 0; i < 100; i++)
		sample_cell(&r, wide, i, i, i == 57 ? 60 : 1);
	sample_attrs(&r, wide, "flows", 0, 10);
	check_title(&r, "57.0.0.0/8 to 198.18.4.228/30 carries 37.7");
	ff_result_release(&r);
	sample_tables(&r, wide);
	for (unsigned i = 0; i < 100; i++)
		sample_cell(&r, wide, i, i, 10 + i);
	sample_attrs(&r, wide, "bytes", 0, 3);
	check_title(&r, "Three links carry ");
	ff_result_release(&r);
	sample_tables(&r, lands);
	for (unsigned i = 0; i < 9; i++)
		sample_cell(&r, lands,
			    (unsigned)ff_country_index(FF_COUNTRY('d', 'e')) + i, 7 * i,
			    i ? 1 : 3);
	sample_attrs(&r, lands, "flows", 0, 10);
	check_title(&r, "Germany to an unknown country carries 27.3");
	ff_result_release(&r);
	sample_tables(&r, lands);
	for (unsigned i = 0; i < 6; i++)
		sample_cell(&r, lands, 1, i, 1);
	sample_attrs(&r, lands, "flows", 0, 10);
	check_title(&r, "One country, Andorra, reaches 6 countries");
	ff_result_release(&r);
}

/* ---- density ---- */

/* What is in the pixels is the value of every link times its length. */
/* Points on every link, so close that it does not matter where; each in the four pixels
 * around it. Returns the sum. */
static double density_directly(float *grid, const struct ff_bundle_density *m,
			       const struct ff_bundle_data *d,
			       const struct ff_bundle_layout *l, double beta)
{
	enum { STEPS = 150 };
	double sum = 0;

	for (size_t i = 0; i < d->nlinks; i++) {
		struct ff_point p[FF_SPLINE_POINTS];
		struct ff_point q[FF_SPLINE_BEZIERS(FF_SPLINE_POINTS)];
		size_t n = ff_spline_bezier(q, p,
					    ff_bundle_path(p, l, d, &d->links[i], beta));

		for (size_t k = 0; k + 3 < n; k += 3) {
			struct ff_point last = q[k];

			for (int t = 1; t <= STEPS; t++) {
				struct ff_point at = bezier_at(q + k, t / (double)STEPS);
				double v = 2 * hypot(at.x - last.x, at.y - last.y) *
					   (double)d->links[i].value;
				double x = (at.x + last.x) - 2 * m->box.x0 - .5;
				double y = (at.y + last.y) - 2 * m->box.y0 - .5;
				size_t at00 = (size_t)y * m->width + (size_t)x;
				double fx = x - floor(x), fy = y - floor(y);

				grid[at00] += (float)(v * (1 - fx) * (1 - fy));
				grid[at00 + 1] += (float)(v * fx * (1 - fy));
				grid[at00 + m->width] += (float)(v * (1 - fx) * fy);
				grid[at00 + m->width + 1] += (float)(v * fx * fy);
				sum += v;
				last = at;
			}
		}
	}
	return sum;
}

/* Means of three by three, twice. */
static void density_blur(float *grid, const struct ff_bundle_density *m)
{
	size_t w = m->width, n = w * m->height;
	float *from = malloc(n * sizeof(*from));

	for (int pass = 0; pass < 2; pass++) {
		memcpy(from, grid, n * sizeof(*from));
		for (size_t i = w + 1; i + w + 1 < n; i++)
			grid[i] = (from[i - w - 1] + from[i - w] + from[i - w + 1] +
				   from[i - 1] + from[i] + from[i + 1] + from[i + w - 1] +
				   from[i + w] + from[i + w + 1]) /
				  9;
	}
	free(from);
}

/* Sampled in blocks and clusters, the density is that of every link by itself; also where
 * sides have fewer parts than blocks hold, and on any number of threads. */
static void density_case(const struct sample_side side[2], unsigned step)
{
	static struct ff_bundle g;
	const struct ff_bundle_params params = {.beta = .85};
	struct ff_figure_opts opts = {.threads = 3};
	struct ff_bundle_density m, again;
	struct ff_bundle_layout l;
	double want, sum = 0, most = 0, error = 0;
	struct ff_result r;
	struct dice d = {4};
	float *direct;
	size_t n, off = 0, seen = 0;

	sample_tables(&r, side);
	for (unsigned i = 0; i < side[0].parts; i += step)
		for (unsigned k = 0; k < side[1].parts; k += 1 + 2 * step)
			sample_cell(&r, side, i, k, 1 + dice_roll(&d, 50));
	sample_attrs(&r, side, "flows", 0, 10);
	memset(&g, 0, sizeof(g));
	assert_int_equal(ff_bundle_data_init(&g.data, &r, NULL), FF_OK);
	g.params = &params;
	g.opts = &opts;
	g.theme.dpi = 144;
	ff_bundle_angles(&l, &g.data, FF_BUNDLE_FIT);
	ff_bundle_radii(&l, &g.data, 100, 1);
	l.cx = l.cy = 150;
	assert_int_equal(ff_bundle_density_init(&m, &g, &l, NULL), FF_OK);
	n = (size_t)m.width * m.height;
	opts.threads = 1;
	assert_int_equal(ff_bundle_density_init(&again, &g, &l, NULL), FF_OK);
	assert_memory_equal(m.at, again.at, n * sizeof(*m.at));
	ff_bundle_density_release(&again);

	direct = calloc(n, sizeof(*direct));
	want = density_directly(direct, &m, &g.data, &l, params.beta);
	density_blur(direct, &m);
	for (size_t i = 0; i < n; i++) {
		sum += m.at[i];
		most = fmax(most, direct[i]);
	}
	assert_near(sum / want, 1, .002);
	for (size_t i = 0; i < n; i++) {
		if (direct[i] < .01 * most)
			continue;
		seen++;
		off += fabs(m.at[i] / direct[i] - 1) > .1;
		error += fabs(m.at[i] - direct[i]);
	}
	/* clusters move lone links by half a pixel */
	if (off * 30 > seen || error > .03 * sum)
		fail_msg("%zu of %zu pixels are more than a tenth off; by %g in all", off,
			 seen, error / sum);
	/* whole pixels of the paper */
	assert_near(m.box.x0 * 2, round(m.box.x0 * 2), 1e-9);
	assert_near((m.box.x1 - m.box.x0) * 2, m.width, 1e-9);
	assert_true(m.low > 0 && m.high > m.low);
	free(direct);
	ff_bundle_density_release(&m);
	ff_bundle_data_release(&g.data);
	ff_result_release(&r);
}

static void test_density(void **state)
{
	const struct sample_side networks[2] = {whole, slash22};
	struct sample_side few[2] = {whole, slash22};

	(void)state;
	density_case(networks, 1);
	density_case(networks, 2);
	few[0].parts = 37;
	few[1].parts = 100;
	density_case(few, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spline),	      cmocka_unit_test(test_straighten),
		cmocka_unit_test(test_random_angles), cmocka_unit_test(test_fit),
		cmocka_unit_test(test_hierarchy),     cmocka_unit_test(test_bars),
		cmocka_unit_test(test_paths),	      cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_names),	      cmocka_unit_test(test_titles),
		cmocka_unit_test(test_density),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
