/* SPDX-License-Identifier: MIT */
/* filters pushed into reading: what readers leave out or read in part changes no table,
 * no finding and no count, whatever the format, the kind and the switches */
#include "input_help.h"

#include <flowfig/run.h>

#include <unistd.h>

enum { FLOWS = 5000, PATHS = 5 };

static char folder[256], names[PATHS][300];
static struct ff_site *site;

static uint64_t dice(uint64_t *r, uint64_t n)
{
	*r = ff_mix64(*r + 1);
	return *r % n;
}

/* Few networks, so that all sides of every test are met. */
static struct ff_addr random_addr(uint64_t *r, bool v6)
{
	static const uint32_t nets[] = {0xc6120400, 0xc6120500, 0x0a000000, 0xcb007100};
	struct ff_addr a = ff_addr_from_v4(nets[dice(r, 4)] + (uint32_t)dice(r, 8));
	if (v6 && dice(r, 3) == 0) {
		memset(a.b, 0, 12);
		memcpy(a.b, "\x20\x01\x0d\xb8", 4);
	}
	return a;
}

static struct ff_flow random_flow(uint64_t *r, bool v6)
{
	static const uint16_t ports[] = {22, 53, 80, 443};
	struct ff_flow f = {
		.present = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) |
			   FF_BIT(FF_DPORT) | FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) |
			   FF_BIT(FF_BYTES) | FF_BIT(FF_FLAGS) | FF_BIT(FF_STIME) |
			   FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME) | FF_BIT(FF_FLOWTYPE)};
	f.sip = random_addr(r, v6);
	f.dip = random_addr(r, v6);
	f.is_v6_record = !ff_addr_is_v4(&f.sip) || !ff_addr_is_v4(&f.dip);
	f.start_ns = INT64_C(1700000000) * FF_SEC + (int64_t)dice(r, 90000000) * FF_MS;
	f.end_ns = f.start_ns + (int64_t)dice(r, 60000) * FF_MS;
	f.packets = 1 + dice(r, 20);
	f.bytes = f.packets * (40 + dice(r, 1400));
	f.sport = (uint16_t)(1024 + dice(r, 60000));
	f.dport = ports[dice(r, 4)];
	f.protocol = dice(r, 3) ? 6 : 17;
	f.flags = f.protocol == 6 ? (uint8_t)dice(r, 64) : 0;
	f.flowtype = (uint8_t)dice(r, 9);
	return f;
}

static void write_flows(const char *path, enum ff_flow_format format, bool v6)
{
	const struct ff_flow_writer_opts opts = {
		.format = format, .site = site, .silk_v6 = v6};
	struct ff_flow_writer *w;
	struct ff_output *out;
	struct ff_flow f;
	struct ff_batch one = {.flows = &f, .count = 1, .cap = 1};
	uint64_t r = 7;
	assert_int_equal(ff_output_open(&out, path, NULL), FF_OK);
	assert_int_equal(ff_flow_writer_new(&w, out, &opts, NULL), FF_OK);
	for (int i = 0; i < FLOWS; i++) {
		f = random_flow(&r, v6);
		assert_int_equal(ff_flow_writer_add(w, &one, NULL), FF_OK);
	}
	assert_int_equal(ff_flow_writer_finish(w, NULL), FF_OK);
	ff_flow_writer_free(w);
	assert_int_equal(ff_output_commit(&out, NULL), FF_OK);
}

/* Columns in another order, blanks, quotes, addresses that are absent, and damage that is
 * found whatever is looked at. */
static void write_odd(const char *path)
{
	static const char *const damage[] = {"x", "1.2.3.4.5", "300.1.1.1", ""};
	FILE *out = fopen(path, "w");
	uint64_t r = 11;
	assert_non_null(out);
	fputs("stime,dport,dip,flags,sport,sip,packets,bytes,proto,note\n", out);
	for (int i = 0; i < FLOWS; i++) {
		struct ff_flow f = random_flow(&r, true);
		char s[FF_ADDR_TEXT], d[FF_ADDR_TEXT];
		const char *quote = dice(&r, 9) ? "" : "\"";
		ff_format_addr(s, sizeof s, &f.sip);
		ff_format_addr(d, sizeof d, &f.dip);
		if (dice(&r, 50) == 0)
			snprintf(s, sizeof s, "%s", damage[dice(&r, 4)]);
		fprintf(out, "%s%lld,%u, %s%s%s ,%u,%u,%s,%llu,%llu,%u%s\n",
			dice(&r, 60) ? "" : "x", (long long)(f.start_ns / FF_MS), f.dport,
			quote, d, quote, f.flags, f.sport, s,
			(unsigned long long)f.packets, (unsigned long long)f.bytes,
			f.protocol, dice(&r, 40) ? ",n" : "");
	}
	fclose(out);
}

static int setup(void **state)
{
	static const char *const files[PATHS] = {"a.csv", "b.txt", "c.rw", "d.rw",
						 "e.csv"};
	const char *tmp = getenv("FF_TMP");
	(void)state;
	snprintf(folder, sizeof folder, "%s/filter-XXXXXX", tmp ? tmp : "out");
	if (!mkdtemp(folder) || ff_site_new(&site, NULL))
		return -1;
	for (int i = 0; i < PATHS; i++)
		snprintf(names[i], sizeof names[i], "%s/%s", folder, files[i]);
	write_flows(names[0], FF_WRITE_CSV, true);
	write_flows(names[1], FF_WRITE_RWCUT, true);
	write_flows(names[2], FF_WRITE_SILK, false);
	write_flows(names[3], FF_WRITE_SILK, true);
	write_odd(names[4]);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < PATHS; i++)
		unlink(names[i]);
	ff_site_free(site);
	return rmdir(folder);
}

/* ---- readers ---- */

struct have {
	struct ff_flow *flows;
	size_t count, left_out;
	uint64_t bad;
};

static struct have read_all(const char *path, const struct ff_input_opts *o)
{
	struct have h = {.flows = calloc(FLOWS, sizeof *h.flows)};
	struct ff_source *s;
	struct ff_lane lane = {0};
	struct ff_batch b;
	int n;
	assert_int_equal(ff_source_open(&s, path, o, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&b, 333, NULL), FF_OK);
	while ((n = ff_source_next(s, &lane, &b, NULL)) > 0) {
		assert_int_equal(n, b.count + b.left_out);
		assert_true(h.count + b.count <= FLOWS);
		memcpy(h.flows + h.count, b.flows, b.count * sizeof *b.flows);
		h.count += b.count;
		h.left_out += b.left_out;
	}
	assert_int_equal(n, 0);
	h.bad = ff_source_bad(s, NULL);
	ff_lane_release(&lane);
	ff_batch_release(&b);
	ff_source_close(s);
	return h;
}

static void random_filter(struct ff_filter *f, uint64_t *r)
{
	static const char *const nets[] = {"198.18.4.0/24", "10.0.0.0/8",    "0.0.0.0/0",
					   "::/0",	    "2001:db8::/32", "198.18.5.3",
					   "2001:db8::5"};
	for (uint64_t left = dice(r, FF_FILTER_TESTS + 2); left; left--) {
		const char *net = nets[dice(r, 7)];
		unsigned ends = 1 + (unsigned)dice(r, 3);
		struct ff_filter_test t = {.sip = ends & 1, .dip = ends & 2};
		struct ff_prefix p;
		t.negated = dice(r, 3) == 0;
		assert_true(ff_parse_prefix(&p, net, strlen(net)));
		ff_prefix_words(t.net, t.mask, &p);
		ff_filter_add(f, &t);
	}
}

static void check_part(const char *path, const struct have *all, uint64_t *r)
{
	const uint32_t both = FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
	struct ff_input_opts o = {.site = site,
				  .want = FF_ALL_FIELDS,
				  .want_failed = both | FF_BIT(FF_STIME)};
	size_t at = 0, out = 0;
	random_filter(&o.keep, r);
	random_filter(&o.filter, r);
	struct have part = read_all(path, &o);
	assert_int_equal(part.count + part.left_out, all->count);
	assert_int_equal(part.bad, all->bad);
	for (size_t i = 0; i < all->count; i++) {
		const struct ff_flow *want = &all->flows[i], *got = &part.flows[at];
		char text[512];
		if ((want->present & both) == both &&
		    !ff_filter_pass(&o.keep, &want->sip, &want->dip)) {
			out++;
			continue;
		}
		assert_true(at++ < part.count);
		assert_memory_equal(&got->sip, &want->sip, 16);
		assert_memory_equal(&got->dip, &want->dip, 16);
		assert_true(got->start_ns == want->start_ns);
		snprintf(text, sizeof text, "%s", flow_text(want));
		if (ff_filter_pass(&o.filter, &want->sip, &want->dip))
			assert_string_equal(flow_text(got), text);
	}
	assert_int_equal(out, part.left_out);
	free(part.flows);
}

static void flows_that_pass_are_whole(void **state)
{
	struct ff_input_opts o = {.site = site};
	uint64_t r = 3;
	(void)state;
	for (int i = 0; i < PATHS; i++) {
		struct have all = read_all(names[i], &o);
		assert_true(all.count + all.bad == FLOWS);
		for (int k = 0; k < 60; k++)
			check_part(names[i], &all, &r);
		free(all.flows);
	}
}

/* As of columns that nobody wants, nobody knows whether they are sound. */
static void what_is_not_looked_at_may_be_damaged(void **state)
{
	static const char text[] = "sip,dip,bytes,stime\n"
				   "10.0.0.1,10.0.0.2,x,1700000000\n"
				   "10.0.0.9,10.0.0.2,x,1700000000\n"
				   "10.0.0.9,10.0.0.2,5,x\n"
				   "10.0.0.9,10.0.0.2,5\n";
	struct ff_filter_test t = {.sip = true};
	struct ff_input_opts o = {.want_failed = FF_BIT(FF_SIP) | FF_BIT(FF_STIME)};
	struct ff_prefix p;
	(void)state;
	assert_true(ff_parse_prefix(&p, "10.0.0.1", 8));
	ff_prefix_words(t.net, t.mask, &p);
	ff_filter_add(&o.filter, &t);
	struct read_result r = read_memory(text, sizeof text - 1, o);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.bad, 3);
	assert_non_null(strstr(r.first_bad.text, "line 2"));
	read_release(&r);
}

/* ---- whole runs ---- */

struct job {
	const struct ff_agg_type *type;
	const char *params[3][2];
	const char *select[3][2];
};

static struct ff_select *selection(const struct job *j)
{
	struct ff_select *s;
	assert_int_equal(ff_select_new(&s, NULL), FF_OK);
	for (int i = 0; i < 3 && j->select[i][0]; i++)
		assert_int_equal(ff_select_set(s, j->select[i][0], j->select[i][1], NULL),
				 FF_OK);
	assert_int_equal(ff_select_finish(s, site, NULL), FF_OK);
	return s;
}

static void *parameters(const struct job *j)
{
	void *p = calloc(1, j->type->params_size);
	assert_int_equal(ff_opts_defaults(j->type->opts, p, NULL), FF_OK);
	for (int i = 0; i < 3 && j->params[i][0]; i++)
		assert_int_equal(ff_opts_set(j->type->opts, p, j->params[i][0],
					     j->params[i][1], NULL),
				 FF_OK);
	return p;
}

/* All tables and counts of a finished aggregate. */
static char *tell(const struct ff_agg_type *type, void *agg,
		  const struct ff_select_counts *c)
{
	struct ff_result r = {0};
	struct ff_buf text = FF_BUF_INIT;
	assert_int_equal(ff_agg_finish(type, agg, &r, 2, NULL), FF_OK);
	for (size_t i = 0; i < r.ntables; i++)
		ff_table_write(&text, &r.tables[i], FF_TABLE_CSV);
	ff_result_release(&r);
	type->destroy(agg);
	ff_buf_addf(&text, "read %llu passed %llu", (unsigned long long)c->read,
		    (unsigned long long)c->passed);
	for (int i = 0; i < FF_ORIENTS; i++)
		ff_buf_addf(&text, " %llu", (unsigned long long)c->orient[i]);
	ff_buf_addf(&text, " by %llu %llu %llu\n", (unsigned long long)c->by_inside,
		    (unsigned long long)c->by_hint, (unsigned long long)c->by_default);
	assert_false(text.failed);
	return (char *)text.data;
}

/* Every field of every flow is read; the selection and the kind do the rest. */
static char *expect(const struct job *j, const struct ff_select *s, const char *path)
{
	struct ff_agg_context ctx = {.memory_bytes = 1 << 26, .scratch_dir = folder};
	struct ff_input_opts o = {.site = site};
	struct ff_select_counts counts = {0};
	struct have all = read_all(path, &o);
	struct ff_batch b = {.flows = all.flows, .count = all.count, .cap = all.count};
	void *params = parameters(j), *agg = NULL;
	ctx.inside = ff_select_inside(s, &ctx.ninside);
	assert_int_equal(j->type->create(&agg, params, &ctx, NULL), FF_OK);
	assert_int_equal(ff_select_apply(s, &b, &counts, NULL), FF_OK);
	assert_int_equal(j->type->add(agg, &b, NULL), FF_OK);
	free(all.flows);
	free(params);
	return tell(j->type, agg, &counts);
}

static char *outcome(const struct job *j, const struct ff_select *s, char *path,
		     unsigned threads)
{
	struct ff_agg_context ctx = {.memory_bytes = 1 << 26, .scratch_dir = folder};
	struct ff_paths paths = {.items = &path, .count = 1};
	struct ff_run_opts o = {.paths = &paths,
				.input = {.site = site},
				.select = s,
				.threads = threads,
				.max_bad = UINT64_MAX,
				.max_bad_share = 1};
	struct ff_run_report report;
	void *params = parameters(j), *agg = NULL;
	ctx.inside = ff_select_inside(s, &ctx.ninside);
	assert_int_equal(ff_run(&report, &agg, j->type, params, &ctx, &o, NULL), FF_OK);
	assert_true(report.origin.read == report.counts.read);
	assert_true(report.origin.sources[0].records == report.counts.read);
	struct ff_select_counts counts = report.counts;
	ff_run_report_release(&report);
	free(params);
	return tell(j->type, agg, &counts);
}

static void results_are_the_same(void **state)
{
	static const struct job jobs[] = {
		{&ff_agg_netbytes, {{"host", "198.18.4.0/29"}}, {{NULL}}},
		{&ff_agg_netbytes,
		 {{"host", "198.18.4.3"}, {"direction", "in"}, {"port", "dport"}},
		 {{"inside", "198.18.4.0/22"}}},
		{&ff_agg_netbytes,
		 {{"host", "2001:db8::/32"}, {"direction", "out"}},
		 {{"any-address", "10.0.0.0/8"}}},
		{&ff_agg_ephemeral,
		 {{"host", "198.18.4.1"}, {"initiator", "any"}},
		 {{NULL}}},
		{&ff_agg_ephemeral,
		 {{"host", "198.18.4.0/23"}},
		 {{"protocol", "6"}, {"not-daddress", "198.18.x.0-3"}}},
		{&ff_agg_bundle,
		 {{"right-range", "198.18.4.0/22"}},
		 {{"dcidr", "198.18.4.0/22"}, {"not-scidr", "198.18.4.0/22"}}},
		{&ff_agg_bundle,
		 {{"left", "dport"}, {"right", "bytes"}},
		 {{"not-any-cidr", "10.0.0.0/8"}, {"packets", "2-"}}},
		{&ff_agg_contact,
		 {{NULL}},
		 {{"inside", "198.18.4.0/22"}, {"saddress", "203.0.113.0/24"}}},
		{&ff_agg_contact, {{NULL}}, {{"scidr", "10.0.0.0/8,203.0.113.0/30"}}},
	};
	(void)state;
	for (size_t k = 0; k < sizeof jobs / sizeof *jobs; k++) {
		struct ff_select *s = selection(&jobs[k]);
		for (int i = 0; i < PATHS; i++) {
			/* the odd file has lines without an address */
			if (i == PATHS - 1 && ff_select_text(s)[0])
				continue;
			char *want = expect(&jobs[k], s, names[i]);
			for (unsigned t = 1; t <= 3; t++) {
				char *got = outcome(&jobs[k], s, names[i], t);
				if (strcmp(got, want) != 0)
					fail_msg("job %zu, %s, %u threads\ngot  %s\nwant "
						 "%s",
						 k, names[i], t, got, want);
				ff_free(got);
			}
			ff_free(want);
		}
		ff_select_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows_that_pass_are_whole),
		cmocka_unit_test(what_is_not_looked_at_may_be_damaged),
		cmocka_unit_test(results_are_the_same),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
