/* SPDX-License-Identifier: MIT */
/* See netbytes_lanes.h. */
#include "figure/netbytes_lanes.h"

#include <stdlib.h>
#include <string.h>

#define LANES_FILL 8	   /* lanes that ports of small share may fill up to */
#define LANES_REGULAR 5	   /* in one of so many bins a port is regularly there */
#define LANES_CALM 64	   /* where so few are in use, three bins do */
#define LANES_FEW 4	   /* so many ports have lanes rather than bands */
#define LANES_CLIENT 32768 /* from here on systems choose ports for what they open */

static const uint16_t lanes_ends[FF_NETBYTES_BANDS] = {1023, 49151, 65535};
enum { LANES_NONE = FF_NETBYTES_LANES }; /* place: the first band; set right later */

enum ff_netbytes_opener ff_netbytes_opener_of(const struct ff_netbytes_port *p)
{
	/* halves, so that the doubles do not overflow */
	if (p->by_peer > p->by_host && p->by_peer / 2 >= p->by_host)
		return FF_NETBYTES_PEER;
	if (p->by_host > p->by_peer && p->by_host / 2 >= p->by_peer)
		return FF_NETBYTES_HOST;
	return FF_NETBYTES_UNCLEAR;
}

static void lanes_take(struct ff_netbytes_lanes *l, const struct ff_netbytes_data *d,
		       size_t port, size_t most)
{
	if (l->nlanes >= most || l->place[port] != LANES_NONE)
		return;
	l->place[port] = (uint8_t)l->nlanes;
	l->lanes[l->nlanes++] =
		(struct ff_netbytes_lane){port, ff_netbytes_opener_of(&d->ports[port])};
}

/* Whether port a goes before port b: by `weight`, then value, then as in ports[]. */
static bool lanes_before(const struct ff_netbytes_data *d, size_t a, size_t b,
			 bool is_by_count)
{
	const struct ff_netbytes_port *p = &d->ports[a], *q = &d->ports[b];

	if (is_by_count && p->count != q->count)
		return p->count > q->count;
	return p->value != q->value ? p->value > q->value : a < b;
}

static bool lanes_is_large(const struct ff_netbytes_data *d, size_t port)
{
	const struct ff_netbytes_port *p = &d->ports[port];

	return (double)p->value >= FF_NETBYTES_SHARE * (double)d->value &&
	       (p->count >= 2 || d->bins <= 2);
}

bool ff_netbytes_is_service(const struct ff_netbytes_data *d, size_t port)
{
	const struct ff_netbytes_port *p = &d->ports[port];
	enum ff_netbytes_opener opener = ff_netbytes_opener_of(p);
	bool is_in = strcmp(d->direction, "in") == 0;
	bool is_out = strcmp(d->direction, "out") == 0;
	bool is_host = strcmp(d->side, "host") == 0 ||
		       (strcmp(d->side, "sport") == 0 && is_out) ||
		       (strcmp(d->side, "dport") == 0 && is_in);
	bool is_peer = strcmp(d->side, "peer") == 0 ||
		       (strcmp(d->side, "sport") == 0 && is_in) ||
		       (strcmp(d->side, "dport") == 0 && is_out);

	if (strcmp(d->side, "service") == 0)
		return true;
	if ((!is_host && !is_peer) || opener == FF_NETBYTES_UNCLEAR)
		return p->number < LANES_CLIENT;
	return opener == (is_host ? FF_NETBYTES_PEER : FF_NETBYTES_HOST);
}

const struct ff_finding *ff_netbytes_finding(const struct ff_netbytes_data *d,
					     const char *kind, size_t port)
{
	const struct ff_netbytes_port *p = &d->ports[port];

	for (size_t i = 0; i < d->result->nfindings; i++) {
		const struct ff_finding *f = &d->result->findings[i];

		if (strcmp(f->kind, kind) == 0 &&
		    ff_finding_number(f, "protocol", -1) == p->protocol &&
		    ff_finding_number(f, "port", -1) == p->number)
			return f;
	}
	return NULL;
}

enum lanes_pass { LANES_LARGE, LANES_OFTEN, LANES_ANY };

static bool lanes_wants(const struct ff_netbytes_data *d, size_t port,
			enum lanes_pass pass)
{
	const struct ff_netbytes_port *p = &d->ports[port];

	if (pass == LANES_OFTEN)
		return p->count >= 3 &&
		       (p->count >= d->bins / LANES_REGULAR || d->nports <= LANES_CALM) &&
		       ff_netbytes_is_service(d, port);
	return pass == LANES_ANY || lanes_is_large(d, port);
}

/* Fills up to `most` lanes with the ports that go first: few, so each by a pass. */
static void lanes_fill(struct ff_netbytes_lanes *l, const struct ff_netbytes_data *d,
		       size_t most, enum lanes_pass pass)
{
	while (l->nlanes < most) {
		size_t best = d->nports;

		for (size_t i = 0; i < d->nports; i++)
			if (l->place[i] == LANES_NONE && lanes_wants(d, i, pass) &&
			    (best == d->nports ||
			     lanes_before(d, i, best, pass == LANES_OFTEN)))
				best = i;
		if (best == d->nports)
			return;
		lanes_take(l, d, best, most);
	}
}

static size_t lanes_band_of(uint16_t number)
{
	return number <= lanes_ends[0] ? 0 : number <= lanes_ends[1] ? 1 : 2;
}

/* A band of one port would say less than its lane. */
static void lanes_fill_alone(struct ff_netbytes_lanes *l,
			     const struct ff_netbytes_data *d, size_t most)
{
	size_t count[FF_NETBYTES_BANDS] = {0}, last[FF_NETBYTES_BANDS] = {0};

	for (size_t i = 0; i < d->nports; i++) {
		size_t band = lanes_band_of(d->ports[i].number);

		count[band] += l->place[i] == LANES_NONE;
		last[band] = l->place[i] == LANES_NONE ? i : last[band];
	}
	for (size_t i = 0; i < FF_NETBYTES_BANDS; i++)
		if (count[i] == 1)
			lanes_take(l, d, last[i], most);
}

/* Groups by what they carry, ports in them likewise: an insertion sort of a dozen. */
static void lanes_sort(struct ff_netbytes_lanes *l, const struct ff_netbytes_data *d)
{
	double group[FF_NETBYTES_OPENERS] = {0};

	for (size_t i = 0; i < l->nlanes; i++)
		group[l->lanes[i].opener] += (double)d->ports[l->lanes[i].port].value;
	for (size_t i = 1; i < l->nlanes; i++) {
		struct ff_netbytes_lane lane = l->lanes[i];
		size_t j = i;

		for (; j > 0; j--) {
			const struct ff_netbytes_lane *to = &l->lanes[j - 1];
			bool is_before = lanes_before(d, lane.port, to->port, false);

			if (to->opener != lane.opener)
				is_before =
					group[lane.opener] != group[to->opener]
						? group[lane.opener] > group[to->opener]
						: lane.opener < to->opener;
			if (!is_before)
				break;
			l->lanes[j] = *to;
		}
		l->lanes[j] = lane;
	}
	for (size_t i = 0; i < l->nlanes; i++) {
		l->place[l->lanes[i].port] = (uint8_t)i;
		l->value += d->ports[l->lanes[i].port].value;
	}
}

static void lanes_fold(struct ff_netbytes_lanes *l, const struct ff_netbytes_data *d)
{
	struct ff_netbytes_band all[FF_NETBYTES_BANDS] = {{0}};
	uint8_t index[FF_NETBYTES_BANDS] = {0};

	for (size_t i = 0; i < FF_NETBYTES_BANDS; i++) {
		all[i].low = i == 0 ? 1 : (uint16_t)(lanes_ends[i - 1] + 1);
		all[i].high = lanes_ends[i];
	}
	for (size_t i = 0; i < d->nports; i++) {
		struct ff_netbytes_band *band = &all[lanes_band_of(d->ports[i].number)];

		if (l->place[i] != LANES_NONE)
			continue;
		band->ports++;
		band->value += d->ports[i].value;
		if (d->ports[i].number == 0)
			band->low = 0;
	}
	for (size_t i = 0; i < FF_NETBYTES_BANDS; i++) {
		struct ff_netbytes_band *last =
			l->nbands > 0 ? &l->bands[l->nbands - 1] : NULL;

		/* a band of one port is no band: it goes with its neighbour */
		if (all[i].ports > 0 && last && (all[i].ports == 1 || last->ports == 1)) {
			last->high = all[i].high;
			last->ports += all[i].ports;
			last->value += all[i].value;
		} else if (all[i].ports > 0) {
			l->bands[l->nbands++] = all[i];
		}
		index[i] = (uint8_t)(FF_NETBYTES_LANES + l->nbands - (l->nbands > 0));
	}
	for (size_t i = 0; i < d->nports; i++)
		if (l->place[i] == LANES_NONE)
			l->place[i] = index[lanes_band_of(d->ports[i].number)];
}

int ff_netbytes_lanes_init(struct ff_netbytes_lanes *l, const struct ff_netbytes_data *d,
			   const struct ff_netbytes_room *room,
			   const struct ff_netbytes_pins *pins, struct ff_err *err)
{
	size_t most = room->most;

	*l = (struct ff_netbytes_lanes){0};
	l->place = ff_alloc(d->nports, 1);
	if (!l->place)
		return ff_fail_nomem(err);
	memset(l->place, LANES_NONE, d->nports);
	most = most < 1 ? 1 : most > FF_NETBYTES_LANES ? FF_NETBYTES_LANES : most;
	for (size_t i = 0; i < pins->count; i++)
		lanes_take(l, d, pins->ports[i], most);
	lanes_fill(l, d, most, LANES_LARGE);
	if (room->shows_small)
		lanes_fill(l, d, most < LANES_FILL ? most : LANES_FILL, LANES_OFTEN);
	if (d->nports <= most &&
	    (room->shows_small || d->nports - l->nlanes <= LANES_FEW))
		lanes_fill(l, d, most, LANES_ANY);
	if (room->shows_small)
		lanes_fill_alone(l, d, most);
	/* lanes and LANES_NONE must stay apart while ports are placed */
	lanes_fold(l, d);
	lanes_sort(l, d);
	return FF_OK;
}

void ff_netbytes_lanes_release(struct ff_netbytes_lanes *l)
{
	ff_free(l->place);
	l->place = NULL;
}

/* Whether cell a goes before cell b. */
static bool lanes_cell_before(const struct ff_netbytes_data *d, size_t a, size_t b)
{
	const struct ff_netbytes_cell *p = &d->cells[a], *q = &d->cells[b];

	if (p->value != q->value)
		return p->value > q->value;
	return p->start != q->start ? p->start < q->start : a < b;
}

size_t ff_netbytes_odd(const struct ff_netbytes_data *d,
		       const struct ff_netbytes_lanes *l, size_t *out, size_t most,
		       bool is_each_port)
{
	size_t count = 0;

	for (size_t p = 0; p < d->nports && most > 0; p++) {
		const struct ff_netbytes_port *port = &d->ports[p];
		size_t from = is_each_port ? port->peak : port->first;
		size_t to = is_each_port ? from + 1 : from + port->count;

		if (l->place[p] < FF_NETBYTES_LANES ||
		    (is_each_port && lanes_is_large(d, p)))
			continue;
		for (size_t i = from; i < to; i++) {
			size_t j = count;

			if (d->cells[i].value == 0 ||
			    (count == most && !lanes_cell_before(d, i, out[most - 1])))
				continue;
			j = count < most ? count++ : most - 1;
			for (; j > 0 && lanes_cell_before(d, i, out[j - 1]); j--)
				out[j] = out[j - 1];
			out[j] = i;
		}
	}
	return count;
}
