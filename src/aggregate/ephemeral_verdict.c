/* SPDX-License-Identifier: MIT */
/* ephemeral_verdict - hands the rows of each host of table `hosts` to the verdict and
 * tells what it says. Of a host with more than JUDGED rows the first, the middle and the
 * last third of that number are judged, so that memory stays bounded. */
#include "aggregate/ephemeral_findings.h"
#include "aggregate/span.h"
#include "aggregate/verdict.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

enum {
	JUDGED = 600000, /* rows: 20 MB, and more than the windows of a verdict */
	WRAPS = 1000,	 /* findings; a figure can not show more */
};

/* ---- judging ---- */

struct judge {
	const struct ff_result *result;
	const struct ff_table *rows, *hosts;
	struct verdict *verdicts; /* of each host */
	atomic_size_t next;
	unsigned threads; /* for each host */
};

static uint64_t host_number(const struct ff_table *hosts, const char *name, size_t host)
{
	return ff_table_column(hosts, name)->v.u64[host];
}

static bool row_is_of(const struct ff_column *host, size_t row,
		      const struct ff_addr *addr, bool is_v4, uint32_t v4)
{
	if (!host)
		return true;
	if (host->kind == FF_COL_V4)
		return is_v4 && host->v.v4[row] == v4;
	return ff_addr_cmp(&host->v.addr[row], addr) == 0;
}

/* Whether the k-th of n rows is judged. */
static bool is_judged(size_t k, size_t n)
{
	const size_t third = JUDGED / 3;
	size_t middle = n / 2 - third / 2;
	return n <= JUDGED || k < third || k >= n - third ||
	       (k >= middle && k < middle + third);
}

static size_t gather(struct verdict_flow *flows, const struct ff_table *t,
		     const struct ff_addr *addr, size_t n)
{
	const struct ff_column *host = ff_table_column(t, "host");
	const struct ff_column *daddr = ff_table_column(t, "daddr");
	const int64_t *time = ff_table_column(t, "time")->v.time;
	const uint16_t *sport = ff_table_column(t, "sport")->v.u16;
	const uint16_t *dport = ff_table_column(t, "dport")->v.u16;
	const uint8_t *protocol = ff_table_column(t, "protocol")->v.u8;
	bool is_v4 = ff_addr_is_v4(addr);
	uint32_t v4 = ff_addr_to_v4(addr);
	size_t seen = 0, kept = 0;
	for (size_t i = 0; i < t->rows && seen < n; i++) {
		if (!row_is_of(host, i, addr, is_v4, v4) || !is_judged(seen++, n))
			continue;
		/* the rows have passed the test of the initiator already */
		flows[kept++] = (struct verdict_flow){.time_ns = time[i],
						      .daddr = ff_column_addr(daddr, i),
						      .sport = sport[i],
						      .dport = dport[i],
						      .protocol = protocol[i],
						      .syn_known = true};
	}
	return kept;
}

static int judge_host(struct judge *j, size_t host, struct ff_err *err)
{
	size_t n = (size_t)host_number(j->hosts, "initiated", host);
	struct verdict_flow *flows = ff_alloc(n < JUDGED ? n : JUDGED, sizeof *flows);
	struct verdict_side side = {
		.seen = host_number(j->hosts, "flows", host),
		.answered_tcp = host_number(j->hosts, "answered_tcp", host),
		.answered_udp = host_number(j->hosts, "answered_udp", host),
	};
	if (!flows)
		return ff_fail_nomem(err);
	n = gather(flows, j->rows, &ff_table_column(j->hosts, "host")->v.addr[host], n);
	int rc = verdict_judge(&j->verdicts[host], flows, n, &side, j->threads, err);
	ff_free(flows);
	return rc;
}

static int judge_thread(void *arg, unsigned index, struct ff_err *err)
{
	struct judge *j = arg;
	size_t host;
	int rc = FF_OK;
	(void)index;
	while (rc == FF_OK && (host = atomic_fetch_add(&j->next, 1)) < j->hosts->rows)
		rc = judge_host(j, host, err);
	return rc;
}

/* ---- words ---- */

static void words_set_aside(struct ff_buf *b, const struct verdict_stream *s)
{
	static const struct {
		enum verdict_role role;
		const char *words;
	} roles[] = {
		{VERDICT_IS_FIXED, "on fixed ports"},
		{VERDICT_REPEAT, "repeated"},
		{VERDICT_SAME, "of one socket"},
		{VERDICT_APART, "of services with ports of their own"},
		{VERDICT_OUTSIDE, "between the windows"},
	};
	const char *before = "; set aside: ";
	char number[32];
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		if (!s->roles[roles[i].role])
			continue;
		ff_buf_addf(b, "%s%s %s", before,
			    ff_format_thousands(number, sizeof number,
						s->roles[roles[i].role]),
			    roles[i].words);
		before = ", ";
	}
}

/* What weighs most first: a figure shows two lines of it. */
static void words_numbers(struct ff_buf *b, const struct verdict *v)
{
	static const char *const names[VERDICT_STREAMS] = {"TCP", "DNS", "other UDP"};
	const struct verdict_stream *s = &v->streams[v->lead];
	bool is_claim = s->family != VERDICT_NONE && s->family < VERDICT_FIXED;
	char used[32], flows[32], nats[32];
	if (is_claim && s->nrivals > 1)
		ff_buf_addf(b, "%s nats before %s, ",
			    ff_format_thousands(nats, sizeof nats,
						(uint64_t)(s->margin + .5)),
			    s->rivals[1].name);
	if (is_claim && s->explained > 0 && s->explained < .995)
		ff_buf_addf(b, "%.0f %% of the steps explained, ", 100 * s->explained);
	if (s->used)
		ff_buf_addf(b, "%.0f %% even, ", 100 * (double)s->even / (double)s->used);
	if (s->wraps)
		ff_buf_addf(b, "%zu wrap%s, ", s->wraps, s->wraps == 1 ? "" : "s");
	ff_buf_addf(b, "%s of %s %s ports judged",
		    ff_format_thousands(used, sizeof used, s->used),
		    ff_format_thousands(flows, sizeof flows, s->flows), names[v->lead]);
}

static void words_verdict(struct ff_buf *b, const struct verdict *v)
{
	ff_buf_adds(b, v->headline);
	ff_buf_adds(b, strchr(v->headline, ':') ? "; " : ": ");
	words_numbers(b, v);
	words_set_aside(b, &v->streams[v->lead]);
	for (size_t i = 0; i < v->nnotes; i++)
		ff_buf_addf(b, ". %s", v->notes[i]);
}

/* How long connections to one destination keep to neighbouring ports, in seconds. */
static double thread_life(const struct verdict_stream *s)
{
	if (s->family == VERDICT_LINUX_OLD || s->family == VERDICT_HASH_OTHER)
		return 300;
	if (s->family != VERDICT_LINUX)
		return 0;
	return s->generation == VERDICT_GEN_42 || s->generation == VERDICT_GEN_42_517 ||
			       s->generation == VERDICT_GEN_512
		       ? 300
		       : 10; /* of 5.18 the secret is mixed again every 10 s */
}

/* ---- findings ---- */

static const char *const protocols[VERDICT_STREAMS] = {
	"--protocol=6", "--protocol=17 --dport=53", "--protocol=17"};

static int find_verdict(struct ff_result *r, const struct verdict *v, size_t host,
			const char *addr, struct ff_err *err)
{
	const struct verdict_stream *s = &v->streams[v->lead];
	struct ff_buf sentence = FF_BUF_INIT, selection = FF_BUF_INIT;
	double all = (double)ff_result_table(r, "ephemeral")->rows;
	double flows =
		(double)host_number(ff_result_table(r, "hosts"), "initiated", host);
	struct ff_finding *f;
	words_verdict(&sentence, v);
	ff_buf_addf(&selection, "--saddress=%s %s", addr, protocols[v->lead]);
	/* the heaviest of all, the busiest host first */
	int rc = ephemeral_finding(r, &f, "verdict", 1 + flows / all, &sentence,
				   &selection, err);
	if (rc)
		return rc;
	f->low = s->model_lo;
	f->high = s->model_hi;
	ephemeral_number(f, "family", s->family);
	ephemeral_number(f, "generation", s->generation);
	ephemeral_number(f, "n", (double)s->used);
	ephemeral_number(f, "flows", (double)s->flows);
	ephemeral_number(f, "margin", s->margin);
	ephemeral_number(f, "explained", s->explained);
	ephemeral_number(f, "even", (double)s->even);
	ephemeral_number(f, "wraps", (double)s->wraps);
	ephemeral_number(f, "lanes", (double)s->lanes);
	ephemeral_number(f, "cover", s->cover);
	ephemeral_number(f, "thread_s", thread_life(s));
	ephemeral_number(f, "row", (double)host);
	return FF_OK;
}

static int find_threads(struct ff_result *r, const struct verdict *v, size_t host,
			const char *addr, struct ff_err *err)
{
	const struct verdict_stream *s = &v->streams[VERDICT_TCP];
	struct ff_buf sentence = FF_BUF_INIT, selection = FF_BUF_INIT;
	struct ff_finding *f;
	if (s->family != VERDICT_LINUX || !s->pairs)
		return FF_OK;
	ff_buf_addf(&sentence,
		    "Of %zu connections to a destination that was met before %zu have a "
		    "port near the one before; a secret mixed every 10 s would part "
		    "%.0f, and %.0f are parted",
		    s->pairs, s->near, s->breaks_expected, s->breaks);
	ff_buf_addf(&selection, "--saddress=%s --protocol=6", addr);
	int rc = ephemeral_finding(r, &f, "threads", .25, &sentence, &selection, err);
	if (rc)
		return rc;
	ephemeral_number(f, "pairs", (double)s->pairs);
	ephemeral_number(f, "near", (double)s->near);
	ephemeral_number(f, "expected", s->breaks_expected);
	ephemeral_number(f, "parted", s->breaks);
	ephemeral_number(f, "row", (double)host);
	return FF_OK;
}

static int find_wraps(struct ff_result *r, const struct verdict *v, const char *addr,
		      struct ff_err *err)
{
	const struct verdict_stream *s = &v->streams[v->lead];
	int rc = FF_OK;
	for (size_t i = 0; i < s->wraps && i < WRAPS && s->wraps_ns && rc == FF_OK; i++) {
		struct ff_buf sentence = FF_BUF_INIT, selection = FF_BUF_INIT;
		char at[48], from[32], to[32];
		struct ff_finding *f;
		int64_t ns = s->wraps_ns[i];
		ff_buf_addf(&sentence, "The counter begins again at %s",
			    ff_format_time(at, sizeof at, ns));
		ff_buf_addf(&selection, "--saddress=%s %s --stime=%s-%s", addr,
			    protocols[v->lead], agg_silk_time(from, ns - 60 * FF_SEC),
			    agg_silk_time(to, ns + 60 * FF_SEC));
		rc = ephemeral_finding(r, &f, "wrap", .01, &sentence, &selection, err);
		if (rc)
			break;
		f->from_ns = ns;
		f->to_ns = ns + 1;
	}
	return rc;
}

static int put_text(const struct ff_table *t, const char *name, size_t row,
		    const char *text, struct ff_err *err)
{
	char **cell = &ff_table_column(t, name)->v.text[row];
	*cell = ff_strdup(text);
	return *cell ? FF_OK : ff_fail_nomem(err);
}

static int tell_host(struct ff_result *r, const struct verdict *v, size_t host,
		     struct ff_err *err)
{
	const struct ff_table *hosts = ff_result_table(r, "hosts");
	const struct verdict_stream *s = &v->streams[v->lead];
	char addr[FF_ADDR_TEXT];
	int rc;
	ff_format_addr(addr, sizeof addr, &ff_table_column(hosts, "host")->v.addr[host]);
	if ((rc = put_text(hosts, "claim", host, s->claim, err)) ||
	    (rc = put_text(hosts, "reason", host, s->reason, err)) ||
	    (rc = find_verdict(r, v, host, addr, err)) ||
	    (rc = find_threads(r, v, host, addr, err)))
		return rc;
	return ff_result_number(r, "single", 0) ? find_wraps(r, v, addr, err) : FF_OK;
}

/* What became of each row of the only host, for whoever draws it. */
static int fill_marks(struct ff_result *r, const struct verdict *v, struct ff_err *err)
{
	static const struct ff_column columns[] = {
		{"role", "", "what the verdict did with it", FF_COL_U8, {NULL}},
		{"lane", "", "counter it lies on, 65535 for none", FF_COL_U16, {NULL}},
	};
	size_t rows = ff_result_table(r, "ephemeral")->rows, judged = 0;
	struct ff_table *t = &r->tables[r->ntables];
	int rc = ff_table_init(t, "marks", columns, 2, err);
	if (rc)
		return rc;
	r->ntables++;
	if ((rc = ff_table_reserve(t, rows, err)))
		return rc;
	for (size_t i = 0; i < rows; i++) {
		uint8_t *role = &t->columns[0].v.u8[i];
		uint16_t *lane = &t->columns[1].v.u16[i];
		*role = VERDICT_OUTSIDE;
		*lane = UINT16_MAX;
		if (!is_judged(i, rows))
			continue;
		*role = v->roles[judged];
		if (v->lanes[judged] >= 0)
			*lane = (uint16_t)v->lanes[judged];
		judged++;
	}
	t->rows = rows;
	return FF_OK;
}

int ephemeral_judge(struct ff_result *r, unsigned threads, struct ff_err *err)
{
	struct judge j = {.result = r,
			  .rows = ff_result_table(r, "ephemeral"),
			  .hosts = ff_result_table(r, "hosts")};
	size_t n = j.hosts->rows;
	j.verdicts = ff_calloc(n, sizeof *j.verdicts);
	if (!j.verdicts)
		return ff_fail_nomem(err);
	j.threads = n ? (unsigned)((threads + n - 1) / n) : 1;
	int rc = ff_parallel(threads < n ? threads : (unsigned)n, judge_thread, &j, err);
	for (size_t i = 0; i < n && rc == FF_OK; i++)
		rc = tell_host(r, &j.verdicts[i], i, err);
	if (rc == FF_OK && n && ff_result_number(r, "single", 0))
		rc = fill_marks(r, &j.verdicts[0], err);
	for (size_t i = 0; i < n; i++)
		verdict_release(&j.verdicts[i]);
	ff_free(j.verdicts);
	return rc;
}
