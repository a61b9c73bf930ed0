/* SPDX-License-Identifier: MIT */
/* The compiled predicate against a second, plain reading of the same switches: random
 * selections are made as text and as a model side by side, and every random flow must be
 * judged alike. */
#include "select_help.h"

/* ---- flows ---- */

static const char *const pool[] = {
	"10.0.0.1",	   "10.0.1.3",	    "10.1.2.1",	     "192.168.7.9", "203.0.113.5",
	"2001:db8:0:1::1", "2001:db8:1::2", "2001:db8:2::3", "fe80::1",	    "::1",
};
#define POOL (sizeof(pool) / sizeof(pool[0]))
#define NOON INT64_C(1704456000) /* 2024-01-05 12:00:00 */

static struct ff_flow random_flow(uint64_t *seed)
{
	static const uint8_t protocols[] = {6, 17, 1, 58, 50};
	struct ff_flow f = {0};
	bool icmp;

	f.present = FF_ALL_FIELDS;
	f.sip = help_addr(pool[help_below(seed, POOL)]);
	f.dip = help_addr(pool[help_below(seed, POOL)]);
	f.nhip = help_addr(pool[help_below(seed, POOL)]);
	f.is_v6_record = !ff_addr_is_v4(&f.sip) || help_below(seed, 3) == 0;
	f.protocol = protocols[help_below(seed, 5)];
	icmp = f.protocol == 1 || f.protocol == 58;
	if (icmp) {
		f.icmp_type = (uint8_t)help_below(seed, 12);
		f.icmp_code = (uint8_t)help_below(seed, 3);
	} else {
		f.present &= ~(FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE));
		f.sport = (uint16_t)(help_below(seed, 2) ? help_below(seed, 100)
							 : help_random(seed));
		f.dport = (uint16_t)(help_below(seed, 2) ? help_below(seed, 100)
							 : help_random(seed));
	}
	f.start_ns = NOON * FF_SEC +
		     (int64_t)help_below(seed, 7200 * UINT64_C(1000000000)) - FF_HOUR;
	f.end_ns = f.start_ns + (int64_t)help_below(seed, 1000 * UINT64_C(1000000000));
	if (help_below(seed, 20) == 0)
		f.end_ns = f.start_ns - 5 * FF_SEC;
	f.packets = help_below(seed, 20);
	f.bytes = f.packets * help_below(seed, 100);
	f.flags = (uint8_t)help_random(seed);
	f.initial_flags = (uint8_t)help_random(seed);
	f.session_flags = (uint8_t)help_random(seed);
	f.attributes = (uint8_t)(help_random(seed) & 0x78);
	f.application = (uint16_t)help_below(seed, 90);
	f.in = (uint32_t)(help_below(seed, 9) ? help_below(seed, 90) : 65541);
	f.out = (uint32_t)help_below(seed, 90);
	f.sensor = (uint16_t)help_below(seed, 6);
	f.flowtype = (uint8_t)help_below(seed, 12);
	return f;
}

/* ---- the model ---- */

enum { MAX_RANGES = 4 };
struct model {
	char name[32];
	bool negated;
	unsigned n;
	uint64_t low[MAX_RANGES], high[MAX_RANGES];
	double dlow, dhigh;
	uint8_t flag_high[MAX_RANGES], flag_mask[MAX_RANGES];
	struct ff_prefix prefix[MAX_RANGES];
	bool wild; /* low/high hold four octets or, in v6, the groups 1..4 */
	bool wild_v6;
};

static bool in_ranges(const struct model *m, uint64_t v)
{
	for (unsigned i = 0; i < m->n; i++)
		if (v >= m->low[i] && v <= m->high[i])
			return true;
	return false;
}

static bool in_pairs(const struct model *m, uint8_t flags)
{
	for (unsigned i = 0; i < m->n; i++)
		if ((flags & m->flag_mask[i]) == m->flag_high[i])
			return true;
	return false;
}

static bool in_address(const struct model *m, const struct ff_addr *a)
{
	if (m->wild && !m->wild_v6) {
		if (!ff_addr_is_v4(a))
			return false;
		for (unsigned i = 0; i < 4; i++)
			if (a->b[12 + i] < m->low[i] || a->b[12 + i] > m->high[i])
				return false;
		return true;
	}
	if (m->wild) { /* 2001:db8:L-H:x:... */
		unsigned group = (unsigned)a->b[4] << 8 | a->b[5];

		return a->b[0] == 0x20 && a->b[1] == 1 && a->b[2] == 0xd &&
		       a->b[3] == 0xb8 && group >= m->low[0] && group <= m->high[0];
	}
	for (unsigned i = 0; i < m->n; i++)
		if (ff_prefix_has(&m->prefix[i], a))
			return true;
	return false;
}

static bool is(const struct model *m, const char *name)
{
	return strcmp(m->name, name) == 0;
}

static bool model_icmp(const struct ff_flow *f)
{
	return f->protocol == 1 || (f->protocol == 58 && f->is_v6_record);
}

static bool model_address(const struct model *m, const struct ff_flow *f)
{
	const char *name = m->name;
	bool s = in_address(m, &f->sip), d = in_address(m, &f->dip), pass;

	if (strncmp(name, "any", 3) == 0)
		pass = s || d;
	else if (name[0] == 'n')
		pass = in_address(m, &f->nhip);
	else
		pass = name[0] == 's' ? s : d;
	return pass != m->negated;
}

static bool model_pass(const struct model *m, const struct ff_flow *f)
{
	bool icmp = f->protocol == 1 || f->protocol == 58;
	uint64_t dport = icmp ? f->icmp_type * 256u + f->icmp_code : f->dport;
	int64_t end_ms = f->end_ns / 1000000, start_ms = f->start_ns / 1000000;
	uint64_t in = f->in > 65535 ? 65535 : f->in;

	if (strstr(m->name, "address") || strstr(m->name, "cidr") || is(m, "next-hop-id"))
		return model_address(m, f);
	if (is(m, "protocol"))
		return in_ranges(m, f->protocol);
	if (is(m, "sport"))
		return in_ranges(m, f->sport);
	if (is(m, "dport"))
		return in_ranges(m, dport);
	if (is(m, "aport"))
		return in_ranges(m, f->sport) || in_ranges(m, dport);
	if (is(m, "application"))
		return in_ranges(m, f->application);
	if (is(m, "input-index"))
		return in_ranges(m, in);
	if (is(m, "output-index"))
		return in_ranges(m, f->out);
	if (is(m, "any-index"))
		return in_ranges(m, in) || in_ranges(m, f->out);
	if (is(m, "icmp-type"))
		return model_icmp(f) && in_ranges(m, f->icmp_type);
	if (is(m, "icmp-code"))
		return model_icmp(f) && in_ranges(m, f->icmp_code);
	if (is(m, "packets"))
		return in_ranges(m, f->packets);
	if (is(m, "bytes"))
		return in_ranges(m, f->bytes);
	if (is(m, "bytes-per-packet"))
		return f->packets && (double)f->bytes / (double)f->packets >= m->dlow &&
		       (double)f->bytes / (double)f->packets <= m->dhigh;
	if (is(m, "duration"))
		return f->end_ns >= f->start_ns &&
		       in_ranges(m, (uint64_t)(f->end_ns - f->start_ns) / 1000000);
	if (is(m, "stime"))
		return in_ranges(m, (uint64_t)start_ms);
	if (is(m, "etime"))
		return in_ranges(m, (uint64_t)end_ms);
	if (is(m, "active-time"))
		return (uint64_t)start_ms <= m->high[0] && (uint64_t)end_ms >= m->low[0];
	if (is(m, "flags-all"))
		return in_pairs(m, f->flags);
	if (is(m, "flags-initial"))
		return in_pairs(m, f->initial_flags);
	if (is(m, "flags-session"))
		return in_pairs(m, f->session_flags);
	if (is(m, "attributes"))
		return in_pairs(m, f->attributes);
	if (is(m, "tcp-flags"))
		return f->flags & m->flag_mask[0];
	if (is(m, "ip-version"))
		return f->is_v6_record == (m->low[0] == 6);
	if (is(m, "sensors"))
		return in_ranges(m, f->sensor);
	fail_msg("no model of %s", m->name);
	return false;
}

/* ---- random switches: the text, and the model beside it ---- */

static void make_list(struct model *m, struct ff_buf *b, uint64_t *seed, uint64_t max,
		      bool list)
{
	m->n = list ? 1 + (unsigned)help_below(seed, MAX_RANGES) : 1;
	for (unsigned i = 0; i < m->n; i++) {
		uint64_t low = help_below(seed, 100), high = low;

		if (i)
			ff_buf_addc(b, ',');
		ff_buf_addf(b, "%llu", (unsigned long long)low);
		switch (help_below(seed, 6)) {
		case 0:
			ff_buf_addc(b, '-');
			high = max;
			break;
		case 1:
		case 2:
			high = low + help_below(seed, 60);
			ff_buf_addf(b, "-%llu", (unsigned long long)high);
			break;
		}
		m->low[i] = low;
		m->high[i] = high;
	}
}

static void make_span(struct model *m, struct ff_buf *b, uint64_t *seed)
{
	int64_t low = NOON - 3600 + (int64_t)help_below(seed, 7200), high = low + 1500;
	char text[40];

	m->n = 1;
	m->low[0] = (uint64_t)low * 1000;
	m->high[0] = (uint64_t)high * 1000 + 999;
	switch (help_below(seed, 4)) {
	case 0: /* a whole minute at the end */
		high = high / 60 * 60;
		m->high[0] = (uint64_t)high * 1000 + 59999;
		ff_format_time(text, sizeof(text), high * FF_SEC);
		ff_buf_addf(b, "%lld.25-%.16s", (long long)low, text);
		m->low[0] += 250;
		break;
	case 1:
		ff_format_time(text, sizeof(text), low * FF_SEC);
		ff_buf_addf(b, "%.19s-%lld.5", text, (long long)high);
		m->high[0] = (uint64_t)high * 1000 + 500;
		break;
	case 2: /* one millisecond */
		ff_buf_addf(b, "%lld%s", (long long)low, help_below(seed, 2) ? "-" : "");
		m->high[0] = m->low[0];
		break;
	default:
		ff_buf_addf(b, "%lld-%lld", (long long)low, (long long)high);
	}
}

static void make_pairs(struct model *m, struct ff_buf *b, uint64_t *seed, bool attributes)
{
	m->n = 1 + (unsigned)help_below(seed, 3);
	for (unsigned i = 0; i < m->n; i++) {
		uint8_t mask = (uint8_t)(help_random(seed) & help_random(seed));
		char high_text[16], mask_text[16];

		if (attributes)
			mask = (uint8_t)((mask & 0x78) ? mask & 0x78 : FF_ATTR_TIMEOUT);
		mask = mask ? mask : FF_SYN;
		m->flag_mask[i] = mask;
		m->flag_high[i] = (uint8_t)(help_random(seed) & mask);
		(attributes ? ff_format_attributes : ff_format_flags)(high_text,
								      m->flag_high[i]);
		(attributes ? ff_format_attributes : ff_format_flags)(mask_text, mask);
		ff_buf_addf(b, "%s%s/%s", i ? "," : "", high_text, mask_text);
	}
}

static void make_prefixes(struct model *m, struct ff_buf *b, uint64_t *seed, bool list)
{
	m->n = list ? 1 + (unsigned)help_below(seed, MAX_RANGES) : 1;
	for (unsigned i = 0; i < m->n; i++) {
		const char *text = pool[help_below(seed, POOL)];
		struct ff_addr a = help_addr(text);
		char one[FF_ADDR_TEXT + 8];
		unsigned bits = (unsigned)help_below(seed, ff_addr_is_v4(&a) ? 33 : 129);

		snprintf(one, sizeof(one), "%s/%u", text, bits);
		assert_true(ff_parse_prefix(&m->prefix[i], one, strlen(one)));
		ff_buf_addf(b, "%s%s", i ? "," : "", one);
	}
}

static void make_pattern(struct model *m, struct ff_buf *b, uint64_t *seed)
{
	if (help_below(seed, 2)) {
		make_prefixes(m, b, seed, false);
		return;
	}
	m->wild = true;
	if (help_below(seed, 3) == 0) {
		m->wild_v6 = true;
		m->low[0] = help_below(seed, 3);
		m->high[0] = m->low[0] + help_below(seed, 2);
		ff_buf_addf(b, "2001:db8:%llx-%llx:x:x:X:0-ffff:x",
			    (unsigned long long)m->low[0],
			    (unsigned long long)m->high[0]);
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		m->low[i] = i ? help_below(seed, 4) : 10;
		m->high[i] = m->low[i];
		ff_buf_adds(b, i ? "." : "");
		switch (help_below(seed, 3)) {
		case 0:
			m->low[i] = 0;
			m->high[i] = 255;
			ff_buf_adds(b, "x");
			break;
		case 1:
			m->high[i] = m->low[i] + 3;
			ff_buf_addf(b, "%llu-%llu,%llu", (unsigned long long)m->low[i],
				    (unsigned long long)m->low[i] + 2,
				    (unsigned long long)m->high[i]);
			break;
		default:
			ff_buf_addf(b, "%llu", (unsigned long long)m->low[i]);
		}
	}
}

static const struct make_row {
	const char *name;
	char kind; /* l list, c count, r ratio, d duration, t span, f flags, a attributes,
		    * p pattern, i CIDRs, F letters, v version */
	unsigned max;
} make_rows[] = {
	{"protocol", 'l', 255},
	{"sport", 'l', 65535},
	{"dport", 'l', 65535},
	{"aport", 'l', 65535},
	{"application", 'l', 65535},
	{"input-index", 'l', 65535},
	{"output-index", 'l', 65535},
	{"any-index", 'l', 65535},
	{"icmp-type", 'l', 255},
	{"icmp-code", 'l', 255},
	{"packets", 'c', 0},
	{"bytes", 'c', 0},
	{"bytes-per-packet", 'r', 0},
	{"duration", 'd', 0},
	{"stime", 't', 0},
	{"etime", 't', 0},
	{"active-time", 't', 0},
	{"flags-all", 'f', 0},
	{"flags-initial", 'f', 0},
	{"flags-session", 'f', 0},
	{"attributes", 'a', 0},
	{"tcp-flags", 'F', 0},
	{"ip-version", 'v', 0},
	{"saddress", 'p', 0},
	{"daddress", 'p', 0},
	{"any-address", 'p', 0},
	{"next-hop-id", 'p', 0},
	{"scidr", 'i', 0},
	{"dcidr", 'i', 0},
	{"any-cidr", 'i', 0},
	{"nhcidr", 'i', 0},
};
#define MAKE_ROWS (sizeof(make_rows) / sizeof(make_rows[0]))

static void make_switch(struct model *m, struct ff_buf *line, uint64_t *seed,
			const struct make_row *r)
{
	bool address = r->kind == 'p' || r->kind == 'i';

	memset(m, 0, sizeof(*m));
	snprintf(m->name, sizeof(m->name), "%s", r->name);
	m->negated = address && help_below(seed, 3) == 0;
	ff_buf_addf(line, "%s--%s%s=", line->len ? " " : "", m->negated ? "not-" : "",
		    r->name);
	switch (r->kind) {
	case 'l':
		make_list(m, line, seed, r->max, true);
		break;
	case 'c':
		make_list(m, line, seed, UINT64_MAX, false);
		break;
	case 'r':
		m->dlow = (double)help_below(seed, 400) / 8;
		m->dhigh = m->dlow + 20.5;
		ff_buf_addf(line, "%.3f-%.3f", m->dlow, m->dhigh);
		break;
	case 'd':
		m->n = 1;
		m->low[0] = help_below(seed, 500000);
		m->high[0] = m->low[0] + 250000;
		ff_buf_addf(line, "%llu.%03llu9-%llu.%03llu00",
			    (unsigned long long)m->low[0] / 1000,
			    (unsigned long long)m->low[0] % 1000,
			    (unsigned long long)m->high[0] / 1000,
			    (unsigned long long)m->high[0] % 1000);
		break;
	case 't':
		make_span(m, line, seed);
		break;
	case 'f':
	case 'a':
		make_pairs(m, line, seed, r->kind == 'a');
		break;
	case 'F':
		m->flag_mask[0] = FF_SYN | FF_CWR;
		ff_buf_adds(line, "sC");
		break;
	case 'v':
		m->low[0] = help_below(seed, 2) ? 4 : 6;
		ff_buf_addf(line, "%llu", (unsigned long long)m->low[0]);
		break;
	case 'p':
		make_pattern(m, line, seed);
		break;
	default:
		make_prefixes(m, line, seed, true);
	}
}

/* A random selection of 1..4 different switches is held against its models. Returns how
 * many flows passed. */
static size_t check_selection(uint64_t *seed, const struct ff_site *site,
			      const struct ff_batch *all, struct ff_batch *work)
{
	struct ff_buf line = FF_BUF_INIT;
	struct ff_select_counts counts = {0};
	struct ff_select *s = NULL;
	struct ff_err err = {0};
	struct model models[4];
	size_t expect = 0;
	unsigned n = 0, wanted = 1 + (unsigned)help_below(seed, 4);
	size_t at = help_below(seed, MAKE_ROWS);

	for (; n < wanted; n++, at += 1 + help_below(seed, MAKE_ROWS / 4 - 1))
		make_switch(&models[n], &line, seed, &make_rows[at % MAKE_ROWS]);
	if (help_select(&s, ff_buf_str(&line), site, &err) != FF_OK) {
		/* a random list of protocols may leave ICMP out */
		if (!strstr(err.text, "needs protocol 1 or 58"))
			fail_msg("%s: %s", ff_buf_str(&line), err.text);
		ff_buf_release(&line);
		return 0;
	}
	memcpy(work->flows, all->flows, all->count * sizeof(*all->flows));
	work->count = all->count;
	assert_int_equal(ff_select_apply(s, work, &counts, &err), FF_OK);
	for (size_t i = 0; i < all->count; i++) {
		bool pass = true;

		for (unsigned k = 0; k < n && pass; k++)
			pass = model_pass(&models[k], &all->flows[i]);
		if (!pass)
			continue;
		/* the orientation was set; the rest must be the flow itself */
		if (expect < work->count)
			work->flows[expect].orient = all->flows[i].orient;
		if (expect >= work->count || memcmp(&work->flows[expect], &all->flows[i],
						    sizeof(all->flows[i])) != 0)
			fail_msg("%s: flow %zu should pass", ff_buf_str(&line), i);
		expect++;
	}
	if (expect != work->count)
		fail_msg("%s: %zu flows pass, not %zu", ff_buf_str(&line), work->count,
			 expect);
	assert_int_equal(counts.read, all->count);
	assert_int_equal(counts.passed, expect);
	ff_select_free(s);
	ff_buf_release(&line);
	return expect;
}

static void test_random(void **state)
{
	struct ff_batch all, work;
	struct ff_site *site = NULL;
	uint64_t seed = 20240105;
	size_t some = 0;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&all, 400, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&work, 400, NULL), FF_OK);
	for (unsigned round = 0; round < 3000; round++) {
		size_t passed;

		if (round % 50 == 0) {
			for (size_t i = 0; i < 400; i++)
				all.flows[i] = random_flow(&seed);
			all.count = 400;
		}
		passed = check_selection(&seed, site, &all, &work);
		some += passed > 0 && passed < 400;
	}
	assert_true(some > 1000); /* the test is worth something */
	ff_batch_release(&all);
	ff_batch_release(&work);
	ff_site_free(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
