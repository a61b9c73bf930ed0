/* SPDX-License-Identifier: MIT */
/* netbytes_help - netbytes results made in memory: tables, attributes and findings as the
 * aggregate hands them on, from given cells or at random. */
#ifndef TEST_NETBYTES_HELP_H
#define TEST_NETBYTES_HELP_H

#include "contact_help.h"

/* Tables netbytes, ports, bins. Rows of netbytes must be added in order. */
static inline void net_init(struct ff_result *r)
{
	static const struct ff_column cells[] = {
		{.name = "bin_start", .unit = "", .meaning = "", .kind = FF_COL_TIME},
		{.name = "protocol", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "port", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "flows", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "packets", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "bytes", .unit = "", .meaning = "", .kind = FF_COL_U64},
	};
	static const struct ff_column ports[] = {
		{.name = "protocol", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "port", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "bytes", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "opened_by_host", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "opened_by_peer", .unit = "", .meaning = "", .kind = FF_COL_U64},
	};
	static const struct ff_column bins[] = {
		{.name = "bin_start", .unit = "", .meaning = "", .kind = FF_COL_TIME},
		{.name = "flows", .unit = "", .meaning = "", .kind = FF_COL_U64},
	};

	memset(r, 0, sizeof(*r));
	r->tables = ff_calloc(3, sizeof(*r->tables));
	r->ntables = 3;
	ff_table_init(&r->tables[0], "netbytes", cells, 6, NULL);
	ff_table_init(&r->tables[1], "ports", ports, 5, NULL);
	ff_table_init(&r->tables[2], "bins", bins, 2, NULL);
}

static inline struct ff_table *net_room(struct ff_result *r, size_t table)
{
	struct ff_table *t = &r->tables[table];

	if (t->rows == t->cap)
		ff_table_reserve(t, t->rows * 2 + 16, NULL);
	return t;
}

static inline void net_cell(struct ff_result *r, int64_t start, uint64_t protocol,
			    uint64_t port, uint64_t flows, uint64_t bytes)
{
	struct ff_table *t = net_room(r, 0);

	t->columns[0].v.time[t->rows] = start;
	t->columns[1].v.u64[t->rows] = protocol;
	t->columns[2].v.u64[t->rows] = port;
	t->columns[3].v.u64[t->rows] = flows;
	t->columns[4].v.u64[t->rows] = bytes / 100 + flows;
	t->columns[5].v.u64[t->rows] = bytes;
	t->rows++;
	t = net_room(r, 2);
	if (t->rows == 0 || t->columns[0].v.time[t->rows - 1] != start) {
		t->columns[0].v.time[t->rows] = start;
		t->columns[1].v.u64[t->rows++] = flows;
	}
}

/* Who opened how much: rows for every port that cells name. */
static inline void net_opener(struct ff_result *r, uint64_t protocol, uint64_t port,
			      uint64_t bytes, uint64_t by_host, uint64_t by_peer)
{
	struct ff_table *t = net_room(r, 1);

	t->columns[0].v.u64[t->rows] = protocol;
	t->columns[1].v.u64[t->rows] = port;
	t->columns[2].v.u64[t->rows] = bytes;
	t->columns[3].v.u64[t->rows] = by_host;
	t->columns[4].v.u64[t->rows] = by_peer;
	t->rows++;
}

static inline void net_attrs(struct ff_result *r, int64_t bin_ns, const char *measure)
{
	const struct ff_table *t = &r->tables[0];
	int64_t last = t->columns[0].v.time[t->rows - 1];
	int64_t length = bin_ns > 0 ? bin_ns - 1 : FF_DAY;

	ff_result_set_number(r, "bin_ns", bin_ns, NULL);
	ff_result_set_number(r, "first_ns", t->columns[0].v.time[0], NULL);
	ff_result_set_number(r, "last_ns",
			     last < INT64_MAX - length ? last + length : INT64_MAX, NULL);
	ff_result_set_number(r, "portless", 12, NULL);
	ff_result_set_text(r, "host", "198.51.100.7", NULL);
	ff_result_set_text(r, "port", "host", NULL);
	ff_result_set_text(r, "direction", "both", NULL);
	ff_result_set_text(r, "measure", measure, NULL);
}

/* A result of any shape that the aggregate may hand on: few or many services, few or
 * thousands of other ports, one bin to many, all widths. */
static inline void net_random(struct ff_result *r, struct dice *d)
{
	static const int64_t widths[] = {60 * FF_SEC, 600 * FF_SEC, FF_HOUR,
					 FF_HOUR,     FF_DAY,	    7 * FF_DAY};
	static const char *const measures[] = {"bytes", "bytes", "packets", "flows"};
	int64_t width = widths[dice_roll(d, 6)];
	uint64_t bins = (uint64_t)pow(10, 3 * dice_unit(d));
	uint64_t services = dice_roll(d, 16),
		 others = (uint64_t)pow(10, 2 * dice_unit(d));
	unsigned kind = (unsigned)dice_roll(d, 10); /* 0: all, 1: months */
	int64_t start = (int64_t)(dice_roll(d, 50) * 365) * FF_DAY / width * width;
	double size = pow(10, 9 * dice_unit(d));

	net_init(r);
	if (kind == 0)
		bins = 1;
	for (uint64_t i = 0; i < bins; i++) {
		struct ff_date date = {.year = 2000 + (int)(i / 12),
				       .month = 1 + (int)(i % 12),
				       .day = 1};
		int64_t at =
			kind == 1 ? ff_time_from_date(&date) : start + (int64_t)i * width;
		bool has_cell = false;

		if (kind == 1 && i >= 300)
			break;
		if (i > 0 && i % 37 > 30 && dice_roll(d, 2))
			continue;
		for (uint64_t protocol = 6; protocol <= 17; protocol += 11) {
			uint64_t port = 0;

			for (uint64_t k = 0; k < services; k++) {
				port += 1 + (k * 37 + protocol) % 97;
				if (k % 2 == protocol % 2 || dice_roll(d, 4) == 0)
					continue;
				net_cell(r, at, protocol, port, 1 + dice_roll(d, 99),
					 1 + (uint64_t)(size / (dice_unit(d) + .001) /
							(double)(k + 1)));
				has_cell = true;
			}
			for (uint64_t k = 0; k < others && port < 64000; k++) {
				port += 1 + dice_roll(d, 1 + 120000 / (others + 1));
				if (port > 65535)
					break;
				net_cell(r, at, protocol, port, 1,
					 (uint64_t)(dice_unit(d) * size));
				has_cell = true;
			}
		}
		if (!has_cell)
			net_cell(r, at, 6, 80, 1, 1);
	}
	for (uint64_t port = 0; port < 1500; port += 1 + dice_roll(d, 9))
		net_opener(r, dice_roll(d, 2) ? 6 : 17, port, dice_roll(d, 1000),
			   dice_roll(d, 3) * 5, dice_roll(d, 3) * 7);
	net_attrs(r, kind == 0 ? 0 : kind == 1 ? -1 : width, measures[dice_roll(d, 4)]);
}

#endif
