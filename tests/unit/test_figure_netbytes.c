/* SPDX-License-Identifier: MIT */
/* figure/netbytes, the numbers: cells by port, lanes and bands against counting them
 * plainly, the odd ones, words, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "figure/netbytes.h"
#include "netbytes_help.h"

/* ---- the data ---- */

/* What a port carries, read straight off the table. */
static uint64_t plain_sum(const struct ff_result *r, unsigned protocol, unsigned port,
			  const char *column, size_t *bins)
{
	const struct ff_table *t = &r->tables[0];
	const struct ff_column *c = ff_table_column(t, column);
	uint64_t sum = 0;

	*bins = 0;
	for (size_t i = 0; i < t->rows; i++) {
		if (t->columns[1].v.u64[i] != protocol || t->columns[2].v.u64[i] != port)
			continue;
		sum += c->v.u64[i];
		(*bins)++;
	}
	return sum;
}

static void cells_are_those_of_the_table(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 25; seed++) {
		struct dice dice = {seed};
		struct ff_netbytes_data d;
		struct ff_result r;
		uint64_t sum = 0;
		size_t cells = 0;

		net_random(&r, &dice);
		assert_int_equal(ff_netbytes_data_init(&d, &r, NULL), FF_OK);
		assert_int_equal(d.ncells, r.tables[0].rows);
		for (size_t i = 0; i < d.nports; i++) {
			const struct ff_netbytes_port *p = &d.ports[i];
			size_t bins;

			assert_int_equal(ff_netbytes_find(&d, p->protocol, p->number), i);
			assert_int_equal(p->first, cells);
			if (i % 7 == 0)
				assert_int_equal(plain_sum(&r, p->protocol, p->number,
							   ff_result_text(&r, "measure"),
							   &bins),
						 p->value);
			for (size_t k = p->first; k < p->first + p->count; k++) {
				assert_int_equal(d.cells[k].port, i);
				assert_true(d.cells[k].value <= d.cells[p->peak].value);
				assert_true(k == p->first ||
					    d.cells[k].start > d.cells[k - 1].start);
			}
			cells += p->count;
			sum += p->value;
		}
		assert_int_equal(cells, d.ncells);
		assert_int_equal(sum, d.value);
		sum = 0;
		for (size_t i = 0; i < d.nbins; i++)
			sum += d.bin[i].value;
		assert_int_equal(sum, d.value);
		ff_netbytes_data_release(&d);
		ff_result_release(&r);
	}
}

static void bad_results_are_refused(void **state)
{
	static const struct {
		int64_t start[2];
		uint64_t protocol, port[2];
	} rows[] = {
		{{FF_HOUR, 0}, 6, {1, 1}},	/* out of order */
		{{0, 0}, 6, {80, 80}},		/* twice */
		{{0, FF_HOUR}, 6, {80, 70000}}, /* no port */
		{{0, FF_HOUR}, 300, {80, 81}},	/* no protocol */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_netbytes_data d;
		struct ff_err err = {0};
		struct ff_result r;

		net_init(&r);
		for (int k = 0; k < 2; k++)
			net_cell(&r, rows[i].start[k], rows[i].protocol, rows[i].port[k],
				 1, 1);
		net_attrs(&r, FF_HOUR, "bytes");
		assert_int_equal(ff_netbytes_data_init(&d, &r, &err), FF_EFORMAT);
		ff_result_release(&r);
	}
	{
		struct ff_netbytes_data d;
		struct ff_result r;

		net_init(&r);
		assert_int_equal(ff_netbytes_data_init(&d, &r, NULL), FF_EFORMAT);
		ff_result_release(&r);
	}
}

/* ---- lanes ---- */

static bool wants_lane(const struct ff_netbytes_data *d, const struct ff_netbytes_port *p)
{
	return (double)p->value >= .01 * (double)d->value &&
	       (p->count >= 2 || d->bins <= 2);
}

/* Every port with the share has a lane, as far as there are lanes; everything else is in
 * the band of its number; nothing is lost. */
static void lanes_and_bands_hold_everything(void **state)
{
	static const struct ff_netbytes_pins none = {.count = 0};

	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++) {
		struct dice dice = {seed};
		struct ff_netbytes_lanes l;
		struct ff_netbytes_data d;
		struct ff_result r;
		const struct ff_netbytes_room room = {1 + seed % FF_NETBYTES_LANES,
						      seed % 2};
		size_t most = room.most, ports = 0;
		uint64_t value = 0, least = UINT64_MAX;

		net_random(&r, &dice);
		assert_int_equal(ff_netbytes_data_init(&d, &r, NULL), FF_OK);
		assert_int_equal(ff_netbytes_lanes_init(&l, &d, &room, &none, NULL),
				 FF_OK);
		assert_true(l.nlanes <= most);
		for (size_t i = 0; i < l.nlanes; i++) {
			const struct ff_netbytes_port *p = &d.ports[l.lanes[i].port];

			assert_int_equal(l.place[l.lanes[i].port], i);
			assert_int_equal(l.lanes[i].opener, ff_netbytes_opener_of(p));
			assert_true(i == 0 ||
				    l.lanes[i].opener != l.lanes[i - 1].opener ||
				    p->value <= d.ports[l.lanes[i - 1].port].value);
			value += p->value;
			/* no lane without a share, but of few ports */
			if (!room.shows_small && d.nports > FF_NETBYTES_LANES)
				assert_true(wants_lane(&d, p));
			if (wants_lane(&d, p) && p->value < least)
				least = p->value;
		}
		assert_int_equal(value, l.value);
		for (size_t i = 0; i < d.nports; i++) {
			const struct ff_netbytes_port *p = &d.ports[i];
			const struct ff_netbytes_band *band;

			if (l.place[i] < FF_NETBYTES_LANES)
				continue;
			/* left out only for want of room, and then as the smaller one */
			if (wants_lane(&d, p))
				assert_true(l.nlanes == most && p->value <= least);
			assert_in_range(l.place[i], FF_NETBYTES_LANES,
					FF_NETBYTES_LANES + l.nbands - 1);
			band = &l.bands[l.place[i] - FF_NETBYTES_LANES];
			assert_in_range(p->number, band->low, band->high);
		}
		for (size_t i = 0; i < l.nbands; i++) {
			ports += l.bands[i].ports;
			value += l.bands[i].value;
			assert_true(l.bands[i].ports > 0);
		}
		assert_int_equal(ports + l.nlanes, d.nports);
		assert_int_equal(value, d.value);
		ff_netbytes_lanes_release(&l);
		ff_netbytes_data_release(&d);
		ff_result_release(&r);
	}
}

/* Small ports have lanes where these are seen, when they are regular services. */
static void small_services_are_kept_where_they_are_seen(void **state)
{
	static const struct {
		const char *side, *direction;
		uint64_t by_host, by_peer;
		bool is_service;
	} rows[] = {
		{"host", "both", 0, 9, true},	 {"host", "both", 9, 0, false},
		{"peer", "both", 0, 9, false},	 {"peer", "in", 9, 0, true},
		{"dport", "in", 0, 9, true},	 {"dport", "in", 9, 0, false},
		{"dport", "out", 9, 0, true},	 {"sport", "in", 0, 9, false},
		{"sport", "out", 0, 9, true},	 {"service", "both", 9, 0, true},
		{"dport", "both", 9, 0, true},	 {"host", "both", 1, 1, true},
		{"service", "both", 0, 0, true},
	};
	static const struct ff_netbytes_pins none = {.count = 0};

	(void)state;
	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		for (int shows_small = 0; shows_small < 2; shows_small++) {
			const struct ff_netbytes_room room = {12, shows_small};
			struct ff_netbytes_lanes l;
			struct ff_netbytes_data d;
			struct ff_result r;
			bool has_lane;
			size_t port;

			net_init(&r);
			for (int64_t i = 0; i < 30; i++) {
				net_cell(&r, i * FF_HOUR, 6, 443, 9, 1000000);
				net_cell(&r, i * FF_HOUR, 6, 5060, 9, 100);
				if (i == 3)
					net_cell(&r, i * FF_HOUR, 6, 6000, 1, 10);
				net_cell(&r, i * FF_HOUR, 6, 50000 + (uint64_t)i, 1, 10);
			}
			net_opener(&r, 6, 5060, 100, rows[k].by_host, rows[k].by_peer);
			net_attrs(&r, FF_HOUR, "bytes");
			ff_result_set_text(&r, "port", rows[k].side, NULL);
			ff_result_set_text(&r, "direction", rows[k].direction, NULL);
			assert_int_equal(ff_netbytes_data_init(&d, &r, NULL), FF_OK);
			port = ff_netbytes_find(&d, 6, 5060);
			assert_int_equal(ff_netbytes_is_service(&d, port),
					 rows[k].is_service);
			assert_int_equal(
				ff_netbytes_lanes_init(&l, &d, &room, &none, NULL),
				FF_OK);
			has_lane = shows_small && rows[k].is_service;
			assert_int_equal(l.place[port] < FF_NETBYTES_LANES, has_lane);
			/* then 6000 would be a band alone: it has a lane, too */
			assert_int_equal(l.nlanes, has_lane ? 3 : 1);
			assert_int_equal(l.nbands, has_lane ? 1 : 2);
			assert_int_equal(l.bands[0].low, has_lane ? 49152 : 1024);
			ff_netbytes_lanes_release(&l);
			ff_netbytes_data_release(&d);
			ff_result_release(&r);
		}
	}
}

static int compare_values(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a < b) - (a > b);
}

static void odd_cells_are_the_largest(void **state)
{
	static const struct ff_netbytes_pins none = {.count = 0};
	static const struct ff_netbytes_room room = {4, true};

	(void)state;
	for (unsigned seed = 1; seed <= 30; seed++) {
		struct dice dice = {seed};
		struct ff_netbytes_lanes l;
		struct ff_netbytes_data d;
		struct ff_result r;
		size_t odd[10], n, count = 0;
		uint64_t *all;

		net_random(&r, &dice);
		assert_int_equal(ff_netbytes_data_init(&d, &r, NULL), FF_OK);
		assert_int_equal(ff_netbytes_lanes_init(&l, &d, &room, &none, NULL),
				 FF_OK);
		all = malloc((d.ncells + 1) * sizeof(*all));
		for (size_t i = 0; i < d.ncells; i++)
			if (l.place[d.cells[i].port] >= FF_NETBYTES_LANES &&
			    d.cells[i].value > 0)
				all[count++] = d.cells[i].value;
		qsort(all, count, sizeof(*all), compare_values);
		n = ff_netbytes_odd(&d, &l, odd, 10, false);
		assert_int_equal(n, count < 10 ? count : 10);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(d.cells[odd[i]].value, all[i]);
		n = ff_netbytes_odd(&d, &l, odd, 10, true);
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < i; k++)
				assert_int_not_equal(d.cells[odd[i]].port,
						     d.cells[odd[k]].port);
		free(all);
		ff_netbytes_lanes_release(&l);
		ff_netbytes_data_release(&d);
		ff_result_release(&r);
	}
}

static void openers_need_two_thirds(void **state)
{
	static const struct {
		uint64_t host, peer;
		enum ff_netbytes_opener expect;
	} rows[] = {
		{0, 0, FF_NETBYTES_UNCLEAR},   {1, 0, FF_NETBYTES_HOST},
		{0, 1, FF_NETBYTES_PEER},      {2, 1, FF_NETBYTES_HOST},
		{3, 2, FF_NETBYTES_UNCLEAR},   {10, 21, FF_NETBYTES_PEER},
		{11, 20, FF_NETBYTES_UNCLEAR},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_netbytes_port p = {.by_host = rows[i].host,
					     .by_peer = rows[i].peer};

		assert_int_equal(ff_netbytes_opener_of(&p), rows[i].expect);
	}
}

/* ---- what is refused of the options, and what the title says ---- */

static int describe(char title[256], const struct ff_result *r, int view,
		    const char *at_port, int64_t at_time, struct ff_err *err)
{
	struct ff_netbytes_params params;
	struct ff_figure_opts opts;
	struct ff_buf a = FF_BUF_INIT, b = FF_BUF_INIT;
	struct ff_theme theme;
	int rc;

	memset(&opts, 0, sizeof(opts));
	memset(&params, 0, sizeof(params));
	assert_int_equal(ff_opts_defaults(ff_figure_opt_table, &opts, NULL), FF_OK);
	assert_int_equal(ff_opts_defaults(ff_figure_netbytes.opts, &params, NULL), FF_OK);
	params.view = view;
	params.at_port = at_port;
	params.at_time = at_time;
	assert_int_equal(ff_theme_init(&theme, &opts, ff_figure_netbytes.aspect, NULL),
			 FF_OK);
	rc = ff_figure_netbytes.describe(&a, &b, r, &opts, &params, &theme, err);
	snprintf(title, 256, "%s", ff_buf_str(&a));
	ff_buf_release(&a);
	ff_buf_release(&b);
	return rc;
}

static void plain_spaces(char *title)
{
	for (char *p; (p = strstr(title, FF_NBSP)) != NULL;) {
		*p = ' ';
		memmove(p + 1, p + 2, strlen(p + 1));
	}
}

static void words_are_checked_and_titles_told(void **state)
{
	static const struct {
		int view;
		const char *at_port;
		int64_t at_time;
		int rc;
		const char *title;
	} rows[] = {
		{FF_NETBYTES_3D, NULL, INT64_MIN, FF_OK,
		 "Port 443/tcp carries 97 % of the bytes; port 40000/tcp moves 20 kB in "
		 "a "
		 "single hour"},
		{FF_NETBYTES_TIME, "137", INT64_MIN, FF_OK,
		 "Port 137/udp carries 300 B in 3 of 30 hours, most in the hour from 1 "
		 "January"},
		{FF_NETBYTES_TIME, "443/tcp,40000", INT64_MIN, FF_OK,
		 "Port 443/tcp carries 900 kB in all 30 hours, 40000/tcp 20 kB in 1 of "
		 "30 "
		 "hours"},
		{FF_NETBYTES_PORT, NULL, 5 * FF_HOUR + 7, FF_OK,
		 "Port 443/tcp carries 60 % of 50 kB on 2 ports"},
		{FF_NETBYTES_PORT, NULL, 31 * FF_HOUR, FF_EUSAGE, NULL},
		{FF_NETBYTES_PORT, NULL, -1, FF_EUSAGE, NULL},
		{FF_NETBYTES_TIME, "137/tcp", INT64_MIN, FF_EUSAGE, NULL},
		{FF_NETBYTES_TIME, "web", INT64_MIN, FF_EUSAGE, NULL},
		{FF_NETBYTES_TIME, "70000", INT64_MIN, FF_EUSAGE, NULL},
		{FF_NETBYTES_TIME, "443/xyz", INT64_MIN, FF_EUSAGE, NULL},
		{FF_NETBYTES_TIME, "137/17", INT64_MIN, FF_OK,
		 "Port 137/udp carries 300 B in 3 of 30 hours, most in the hour from 1 "
		 "January"},
	};
	struct ff_result r;

	(void)state;
	net_init(&r);
	for (int64_t i = 0; i < 30; i++) {
		net_cell(&r, i * FF_HOUR, 6, 443, 9, 30000);
		for (uint64_t k = 0; k < 13; k++) /* more ports than lanes */
			if ((uint64_t)i == 7 + k)
				net_cell(&r, i * FF_HOUR, 6, 50000 + k, 1, 500);
		if (i == 5)
			net_cell(&r, i * FF_HOUR, 6, 40000, 1, 20000);
		if (i < 3)
			net_cell(&r, i * FF_HOUR, 17, 137, 1, 100);
	}
	net_attrs(&r, FF_HOUR, "bytes");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char title[256];
		struct ff_err err = {0};
		int rc = describe(title, &r, rows[i].view, rows[i].at_port,
				  rows[i].at_time, &err);

		if (rc != rows[i].rc)
			fail_msg("row %zu: %d %s", i, rc, err.text);
		if (!rows[i].title)
			continue;
		plain_spaces(title);
		assert_string_equal(title, rows[i].title);
	}
	ff_result_release(&r);
}

/* What the second clause says: a port of one bin, with or without a lane; else a burst
 * that was found; else the tallest. */
static void titles_tell_the_news(void **state)
{
	static const struct {
		uint64_t lone, peak; /* bytes of a lone port, and of one bin of 443 */
		double ratio;	     /* of the burst that was found; 0 = none */
		const char *title;
	} rows[] = {
		{100000, 10000, 0,
		 "Port 443 carries 75 % of the bytes; port 40000 moves 100 kB in a "
		 "single hour"},
		{0, 200000, 20,
		 "Port 443 carries 490 kB, 200 kB in the hour from 09:00 on 1 January, "
		 "20 times its usual"},
		{300, 200000, 20,
		 "Port 443 carries 99.9 % of the bytes, 200 kB in the hour from 09:00 "
		 "on 1 January, 20 times its usual"},
		{0, 10000, 0, "Port 443 carries 300 kB, up to 10 kB an hour"},
		{900000, 10000, 0,
		 "Port 40000 carries 75 % of the bytes, all in a single hour"},
	};

	(void)state;
	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		struct ff_result r;
		char title[256];

		net_init(&r);
		for (int64_t i = 0; i < 30; i++) {
			net_cell(&r, i * FF_HOUR, 6, 443, 9,
				 i == 9 ? rows[k].peak : 10000);
			if (i == 5 && rows[k].lone > 0)
				net_cell(&r, i * FF_HOUR, 6, 40000, 1, rows[k].lone);
		}
		net_attrs(&r, FF_HOUR, "bytes");
		if (rows[k].ratio > 0) {
			struct ff_finding *f;

			assert_int_equal(ff_result_add_finding(&r, &f, NULL), FF_OK);
			f->kind = "burst";
			f->numbers[0].name = "protocol";
			f->numbers[0].value = 6;
			f->numbers[1].name = "port";
			f->numbers[1].value = 443;
			f->numbers[2].name = "ratio";
			f->numbers[2].value = rows[k].ratio;
		}
		assert_int_equal(
			describe(title, &r, FF_NETBYTES_3D, NULL, INT64_MIN, NULL),
			FF_OK);
		plain_spaces(title);
		assert_string_equal(title, rows[k].title);
		ff_result_release(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_those_of_the_table),
		cmocka_unit_test(bad_results_are_refused),
		cmocka_unit_test(lanes_and_bands_hold_everything),
		cmocka_unit_test(small_services_are_kept_where_they_are_seen),
		cmocka_unit_test(odd_cells_are_the_largest),
		cmocka_unit_test(openers_need_two_thirds),
		cmocka_unit_test(words_are_checked_and_titles_told),
		cmocka_unit_test(titles_tell_the_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
