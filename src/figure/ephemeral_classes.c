/* SPDX-License-Identifier: MIT */
/* Which flows share a colour: by protocol, or the busiest destinations or services and
 * the rest. */
#include "figure/ephemeral.h"

#include <stdio.h>
#include <stdlib.h>

#define CLASS_NAMED (FF_EPHEMERAL_CLASSES - 1)

/* ---- ramps ---- */

static struct ff_color class_hex(unsigned rgb)
{
	return ff_rgb((rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

/* Even steps over the stops. */
static void class_ramp(struct ff_ramp *r, const struct ff_color *stops, size_t n)
{
	for (int i = 0; i < 256; i++) {
		double at = i / 255.0 * (double)(n - 1);
		size_t k = at >= (double)(n - 1) ? n - 2 : (size_t)at;

		r->c[i] = ff_mix(stops[k], stops[k + 1], at - (double)k);
	}
}

/* The design's blues for what is alone or TCP: the palest still stands out on its ground.
 */
static void class_ramp_blue(struct ff_ramp *r, const struct ff_theme *t)
{
	static const unsigned light[] = {0xa9bdd2, 0x8fabc6, 0x6c93b8, 0x3f6f9f,
					 0x22497c, 0x0e2a57, 0x050f2b};
	static const unsigned dark[] = {0x35577a, 0x44709b, 0x5a8dbd, 0x7dabd3,
					0xa4c7e4, 0xcde1f1, 0xf4f9fd};
	struct ff_color stops[7];

	for (size_t i = 0; i < 7; i++)
		stops[i] = class_hex(t->is_dark ? dark[i] : light[i]);
	class_ramp(r, stops, 7);
}

/* From a tint of the colour over itself to a shade of it, as deep as the blues. */
static void class_ramp_of(struct ff_ramp *r, const struct ff_theme *t, struct ff_color c)
{
	const struct ff_color end = t->is_dark ? ff_rgb(1, 1, 1) : ff_rgb(0, 0, 0);
	const struct ff_color stops[] = {
		ff_mix(t->background, c, .45), ff_mix(t->background, c, .62),
		ff_mix(t->background, c, .85), ff_mix(end, c, .85),
		ff_mix(end, c, .58),	       ff_mix(end, c, .36),
		ff_mix(end, c, .18),
	};

	class_ramp(r, stops, 7);
}

static struct ff_color class_grey(const struct ff_theme *t)
{
	return t->is_dark ? class_hex(0x666e77) : class_hex(0xb4bbc2);
}

/* ---- by protocol ---- */

static int classes_by_protocol(struct ff_ephemeral_classes *c,
			       const struct ff_ephemeral *e, struct ff_err *err)
{
	static const unsigned colors[] = {FF_BLUE, FF_VERMILLION};
	uint64_t flows[2] = {0, 0};

	for (size_t i = 0; i < e->data.nhosts; i++) {
		flows[0] += e->data.hosts[i].count - e->data.hosts[i].udp;
		flows[1] += e->data.hosts[i].udp;
	}
	for (int i = 0; i < 2; i++) {
		struct ff_ephemeral_class *at = &c->at[c->count];

		if (!flows[i])
			continue;
		*at = (struct ff_ephemeral_class){
			.flows = flows[i],
			.color = ff_category(&e->theme, colors[i]),
			.is_cross = i == 1};
		snprintf(at->name, sizeof(at->name), "%s", i == 1 ? "UDP" : "TCP");
		if (e->opts->palette && e->opts->palette[0] && i == 0) {
			int rc = ff_ramp_init(&at->ramp, &e->theme, e->opts, 1.9, err);

			if (rc < 0)
				return rc;
		} else if (i == 0) {
			class_ramp_blue(&at->ramp, &e->theme);
		} else {
			class_ramp_of(&at->ramp, &e->theme, at->color);
		}
		c->count++;
	}
	c->named = c->count;
	return FF_OK;
}

/* ---- by destination or service ---- */

struct class_tally {
	struct ff_addr daddr;
	uint64_t service; /* protocol << 16 | port */
	uint64_t flows;	  /* 0 = free */
};
struct class_tallies {
	struct class_tally *slots;
	size_t size, used; /* size: a power of two */
};

static struct class_tally *class_slot(const struct class_tallies *t,
				      const struct class_tally *key)
{
	uint64_t hash = ff_hash_bytes(key->daddr.b, sizeof(key->daddr.b), key->service);
	size_t i = (size_t)hash & (t->size - 1);

	while (t->slots[i].flows && (t->slots[i].service != key->service ||
				     ff_addr_cmp(&t->slots[i].daddr, &key->daddr) != 0))
		i = (i + 1) & (t->size - 1);
	return &t->slots[i];
}

static int class_grow(struct class_tallies *t, struct ff_err *err)
{
	struct class_tallies bigger = {.size = t->size ? 2 * t->size : 1024,
				       .used = t->used};

	bigger.slots = ff_calloc(bigger.size, sizeof(*bigger.slots));
	if (!bigger.slots)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i].flows)
			*class_slot(&bigger, &t->slots[i]) = t->slots[i];
	ff_free(t->slots);
	*t = bigger;
	return FF_OK;
}

static struct class_tally class_key(const struct ff_ephemeral_data *d, size_t row,
				    int colour)
{
	struct class_tally key = {.flows = 1};

	if (colour == FF_EPHEMERAL_DEST)
		key.daddr = ff_column_addr(d->daddr, row);
	else
		key.service = (uint64_t)ff_ephemeral_protocol(d, row) << 16 |
			      ff_column_u64(d->dport, row);
	return key;
}

static int class_tally_host(struct class_tallies *t, const struct ff_ephemeral_data *d,
			    const struct ff_ephemeral_host *h, int colour,
			    struct ff_err *err)
{
	struct class_tally *last = NULL;
	int rc = FF_OK;

	for (size_t i = h->first; i < h->first + h->count && rc == FF_OK; i++) {
		struct class_tally key = class_key(d, ff_ephemeral_row(d, i), colour);

		if (!last || last->service != key.service ||
		    ff_addr_cmp(&last->daddr, &key.daddr) != 0)
			last = class_slot(t, &key);
		if (last->flows++)
			continue;
		*last = key;
		if (2 * ++t->used > t->size) {
			rc = class_grow(t, err);
			last = NULL;
		}
	}
	return rc;
}

/* Most flows first, then by value, so that the order of slots tells nothing. */
static int class_compare(const void *a, const void *b)
{
	const struct class_tally *x = a, *y = b;

	if (x->flows != y->flows)
		return x->flows > y->flows ? -1 : 1;
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	return ff_addr_cmp(&x->daddr, &y->daddr);
}

static void class_name(struct ff_ephemeral_class *c, int colour)
{
	if (colour == FF_EPHEMERAL_DEST)
		ff_format_addr(c->name, sizeof(c->name), &c->daddr);
	else
		snprintf(c->name, sizeof(c->name), "%u/%s",
			 (unsigned)(c->service & 0xffff),
			 c->service >> 16 == 17 ? "udp" : "tcp");
}

static void classes_of(struct ff_ephemeral_classes *c, const struct ff_ephemeral *e,
		       const struct class_tallies *t)
{
	static const unsigned colors[CLASS_NAMED] = {FF_BLUE, FF_VERMILLION, FF_GREEN,
						     FF_PURPLE, FF_ORANGE};
	uint64_t rest = 0;

	for (size_t i = 0; i < e->data.nhosts; i++)
		rest += e->data.hosts[i].count;
	for (size_t i = 0; i < t->used && i < CLASS_NAMED; i++) {
		struct ff_ephemeral_class *at = &c->at[c->count++];

		*at = (struct ff_ephemeral_class){
			.flows = t->slots[i].flows,
			.color = ff_category(&e->theme, colors[i]),
			.daddr = t->slots[i].daddr,
			.service = t->slots[i].service};
		at->is_cross = c->colour == FF_EPHEMERAL_DPORT && at->service >> 16 == 17;
		class_name(at, c->colour);
		class_ramp_of(&at->ramp, &e->theme, at->color);
		rest -= at->flows;
	}
	c->named = c->count;
	if (rest) {
		struct ff_ephemeral_class *at = &c->at[c->count++];

		*at = (struct ff_ephemeral_class){.flows = rest,
						  .color = class_grey(&e->theme)};
		snprintf(at->name, sizeof(at->name), "other");
		class_ramp_of(&at->ramp, &e->theme, at->color);
	}
}

int ff_ephemeral_classes_init(struct ff_ephemeral_classes *c,
			      const struct ff_ephemeral *e, struct ff_err *err)
{
	struct class_tallies t = {0};
	size_t n = 0;
	int rc;

	*c = (struct ff_ephemeral_classes){.colour = e->params->colour};
	if (c->colour == FF_EPHEMERAL_PROTOCOL)
		return classes_by_protocol(c, e, err);
	rc = class_grow(&t, err);
	for (size_t i = 0; i < e->data.nhosts && rc == FF_OK; i++)
		rc = class_tally_host(&t, &e->data, &e->data.hosts[i], c->colour, err);
	if (rc == FF_OK) {
		for (size_t i = 0; i < t.size; i++)
			if (t.slots[i].flows)
				t.slots[n++] = t.slots[i];
		qsort(t.slots, n, sizeof(*t.slots), class_compare);
		classes_of(c, e, &t);
	}
	ff_free(t.slots);
	return rc;
}

size_t ff_ephemeral_class_of(const struct ff_ephemeral_classes *c,
			     const struct ff_ephemeral_data *d, size_t row)
{
	struct class_tally key;
	size_t i = 0;

	if (c->colour == FF_EPHEMERAL_PROTOCOL)
		return c->count > 1 && ff_ephemeral_is_udp(d, row);
	key = class_key(d, row, c->colour);
	while (i < c->named && (c->at[i].service != key.service ||
				ff_addr_cmp(&c->at[i].daddr, &key.daddr) != 0))
		i++;
	return i < c->count ? i : c->count - 1;
}
