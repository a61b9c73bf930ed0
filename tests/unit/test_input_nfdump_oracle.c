/* SPDX-License-Identifier: MIT */
/* Every nfcapd sample must decode to what nfdump prints of it: addresses, ports,
 * protocol, flags, counts of both directions, interfaces and next hop from its csv, times
 * from its json (the .ms files). Needs the shared samples (FF_SHARED); skipped without
 * them. */
#include "input_help.h"

#include "input/text.h"

#include <dirent.h>
#include <sys/stat.h>

enum { CELLS = 48 };
enum {
	TS = 0,
	TE,
	TD,
	SA,
	DA,
	SP,
	DP,
	PR,
	FLG,
	IPKT = 11,
	IBYT,
	OPKT,
	OBYT,
	IN,
	OUT,
	NH = 23
};

static char data[512]; /* the folder of all samples */

static int open_samples(void **state)
{
	const char *dir = getenv("FF_SHARED");
	char path[600];
	struct stat st;

	(void)state;
	snprintf(data, sizeof(data), "%s/data", dir ? dir : "../shared");
	snprintf(path, sizeof(path), "%s/nfdump", data);
	if (stat(path, &st) != 0)
		data[0] = '\0';
	return 0;
}

/* The whole file, decompressed, with a NUL behind it. */
static void slurp(struct ff_buf *out, const char *name)
{
	char path[1024];
	struct ff_stream *s;
	struct ff_err err;
	ptrdiff_t got;

	snprintf(path, sizeof(path), "%s/%s", data, name);
	if (ff_stream_open(&s, path, &err) != FF_OK)
		fail_msg("%s", err.text);
	do {
		assert_int_equal(ff_buf_reserve(out, 65536), FF_OK);
		got = ff_stream_read(s, out->data + out->len, 65536, &err);
		if (got < 0)
			fail_msg("%s", err.text);
		out->len += (size_t)got;
	} while (got > 0);
	out->data[out->len] = 0;
	ff_stream_close(s);
}

/* ---- lines of the oracle ---- */

/* Cuts the next line of flows into cells; false at the end. Tunnels have a line of their
 * own before that of the flow, without addresses; titles and words are left out. */
static bool next_row(char **at, char *cells[CELLS])
{
	while (**at) {
		char *line = *at, *eol = strchr(line, '\n');
		size_t n = 0;

		*at = eol ? eol + 1 : line + strlen(line);
		if (eol)
			*eol = '\0';
		if (line[0] < '0' || line[0] > '9')
			continue;
		for (char *p = line; p && n < CELLS; n++) {
			cells[n] = p;
			p = strchr(p, ',');
			if (p)
				*p++ = '\0';
		}
		if (n != CELLS)
			return false; /* the totals */
		if ((strcmp(cells[SA], "0.0.0.0") == 0 || strcmp(cells[SA], "::") == 0) &&
		    strcmp(cells[SA], cells[DA]) == 0)
			continue;
		return true;
	}
	return false;
}

static uint64_t number(const char *s)
{
	return strtoull(s, NULL, 10);
}

static int64_t time_of(const char *s, size_t len)
{
	int64_t ns;

	if (!ff_parse_time(&ns, NULL, s, len))
		fail_msg("no time: '%.*s'", (int)len, s);
	return ns;
}

/* Eight letters of 1.7, six of 1.6, which prints numbers above 0x3f. */
static unsigned flags_of(const char *s)
{
	static const char letters[] = "CEUAPRSF";
	size_t len = strlen(s);
	unsigned flags = 0;

	if (s[0] == '0')
		return (unsigned)strtoul(s, NULL, 16);
	assert_true(len == 8 || len == 6);
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '.')
			continue;
		assert_int_equal(s[i], letters[8 - len + i]);
		flags |= 1U << (len - 1 - i);
	}
	return flags;
}

/* ---- one record ---- */

/* What is absent is printed as zero. */
#define SAME(what, got, want)                                                            \
	do {                                                                             \
		if ((uint64_t)(got) != (uint64_t)(want)) {                               \
			snprintf(why, cap, "%s: got %llu, want %llu", what,              \
				 (unsigned long long)(got), (unsigned long long)(want)); \
			return false;                                                    \
		}                                                                        \
	} while (0)

static bool same_addr(const struct ff_addr *a, bool is_present, const char *text)
{
	struct ff_addr want;

	if (!ff_parse_addr(&want, text, strlen(text)))
		return false;
	if (!is_present)
		return strcmp(text, "0.0.0.0") == 0 || strcmp(text, "::") == 0;
	return ff_addr_cmp(a, &want) == 0;
}

static bool same_ends(const struct ff_flow *f, char *const cells[CELLS], char *why,
		      size_t cap)
{
	bool icmp = f->present & FF_BIT(FF_ICMP_TYPE);
	uint8_t protocol;

	if (!same_addr(&f->sip, f->present & FF_BIT(FF_SIP), cells[SA]) ||
	    !same_addr(&f->dip, f->present & FF_BIT(FF_DIP), cells[DA])) {
		snprintf(why, cap, "addresses %s %s", cells[SA], cells[DA]);
		return false;
	}
	if (!text_cell_protocol(&protocol, cells[PR], strlen(cells[PR])))
		fail_msg("no protocol: '%s'", cells[PR]);
	SAME("protocol", f->protocol, protocol);
	SAME("icmp", icmp, protocol == 1 || protocol == 58);
	SAME("dport", icmp ? f->icmp_type * 256U + f->icmp_code : f->dport,
	     number(cells[DP]));
	SAME("sport", f->sport, icmp ? 0 : number(cells[SP]));
	return true;
}

/* Times of a line are cut to seconds. Those of events may be missing. */
static bool same_seconds(const struct ff_flow *f, char *const cells[CELLS], char *why,
			 size_t cap)
{
	int64_t start = time_of(cells[TS], strlen(cells[TS]));
	int64_t end = time_of(cells[TE], strlen(cells[TE]));

	if (start > 0)
		SAME("start", f->start_ns / FF_SEC, start / FF_SEC);
	if (end > 0)
		SAME("end", f->end_ns / FF_SEC, end / FF_SEC);
	return true;
}

/* The record as f[0] and, when it has an answer, f[1]; *used flows. */
static bool same_record(const struct ff_flow *f, size_t left, size_t *used,
			char *const cells[CELLS], char *why, size_t cap)
{
	bool answered = number(cells[OPKT]) || number(cells[OBYT]);

	*used = answered ? 2 : 1;
	if (left < *used) {
		snprintf(why, cap, "no such flow");
		return false;
	}
	if (!same_ends(f, cells, why, cap) || !same_seconds(f, cells, why, cap))
		return false;
	SAME("packets", f->packets, number(cells[IPKT]));
	SAME("bytes", f->bytes, number(cells[IBYT]));
	SAME("in", f->in, number(cells[IN]));
	SAME("out", f->out, number(cells[OUT]));
	if (f->protocol == 6)
		SAME("flags", f->flags, flags_of(cells[FLG]));
	else
		SAME("no flags", f->present & FF_BIT(FF_FLAGS), 0);
	if (!same_addr(&f->nhip, f->present & FF_BIT(FF_NHIP), cells[NH])) {
		snprintf(why, cap, "next hop %s", cells[NH]);
		return false;
	}
	if (!answered)
		return true;
	SAME("answer from", ff_addr_cmp(&f[1].sip, &f[0].dip), 0);
	SAME("answer to", ff_addr_cmp(&f[1].dip, &f[0].sip), 0);
	SAME("answer sport", f[1].sport, f[0].dport);
	SAME("answer dport", f[1].dport, f[0].sport);
	SAME("answer start", f[1].start_ns, f[0].start_ns);
	SAME("answer packets", f[1].packets, number(cells[OPKT]));
	SAME("answer bytes", f[1].bytes, number(cells[OBYT]));
	return true;
}

/* first, last, received; the line of the next record */
static void check_ms(const char *file, const struct ff_flow *f, char **ms)
{
	char *eol = strchr(*ms, '\n');
	int64_t first, last;

	if (!eol)
		fail_msg("%s: too few times", file);
	first = time_of(*ms, 23);
	last = time_of(*ms + 24, 23);
	if (first > 0 && f->start_ns != first)
		fail_msg("%s: %s: starts at %.*s", file, flow_text(f), 47, *ms);
	if (last > 0 && f->end_ns != last)
		fail_msg("%s: %s: ends at %.*s", file, flow_text(f), 47, *ms);
	if (first == 0 && f->start_ns == 0)
		fail_msg("%s: %s: no time", file, flow_text(f));
	*ms = eol + 1;
}

/* ---- one file ---- */

static void check_same(const char *file, const struct read_result *a,
		       const struct read_result *b)
{
	if (a->count != b->count || a->bad != b->bad || a->status != b->status)
		fail_msg("%s: plain %zu flows %llu bad, gzipped %zu, %llu: %s", file,
			 a->count, (unsigned long long)a->bad, b->count,
			 (unsigned long long)b->bad, b->err.text);
	for (size_t i = 0; i < a->count; i++) {
		char text[512];

		snprintf(text, sizeof(text), "%s", flow_text(&a->flows[i]));
		assert_string_equal(text, flow_text(&b->flows[i]));
	}
}

/* Reads a file plain and gzipped, which must tell the same. */
static struct read_result read_file(const char *file)
{
	struct ff_input_opts o = {.format = "nfdump"};
	struct ff_buf bytes = FF_BUF_INIT;
	struct read_result plain, gz;

	slurp(&bytes, file);
	plain = read_memory(bytes.data, bytes.len, o);
	/* statistics of layout 2 are not read from a stream, flows are the same */
	gz = read_gzip(bytes.data, bytes.len, o);
	check_same(file, &plain, &gz);
	read_release(&gz);
	ff_buf_release(&bytes);
	return plain;
}

/* All lines of the csv, in order. Where `gaps` are allowed there may be more flows.
 * Returns the number of records. */
static size_t check_csv(const char *file, const struct read_result *r, const char *csv,
			char *ms, bool gaps)
{
	struct ff_buf text = FF_BUF_INIT;
	char *cells[CELLS], *at, why[128] = "";
	size_t i = 0, rows = 0, used = 1;

	slurp(&text, csv);
	at = (char *)text.data;
	while (next_row(&at, cells)) {
		/* a damaged one may lack times and protocol: no flow */
		if (gaps && strncmp(cells[TS], "1970", 4) == 0 &&
		    strcmp(cells[PR], "0") == 0)
			continue;
		while (!same_record(r->flows + i, r->count - i, &used, cells, why,
				    sizeof(why))) {
			if (!gaps || i >= r->count)
				fail_msg("%s, record %zu, flow %zu %s: %s", file, rows, i,
					 i < r->count ? flow_text(&r->flows[i]) : "",
					 why);
			i++;
		}
		if (ms)
			check_ms(file, &r->flows[i], &ms);
		i += used;
		rows++;
	}
	if (!gaps && i != r->count)
		fail_msg("%s: %zu flows, %zu of them in the csv", file, r->count, i);
	if (ms && *ms)
		fail_msg("%s: more times than records", file);
	ff_buf_release(&text);
	return rows;
}

static void check_file(const char *file, const char *csv, bool has_ms, size_t records)
{
	struct read_result r = read_file(file);
	struct ff_buf ms = FF_BUF_INIT;
	char name[512];
	size_t n;

	if (r.status != FF_OK || r.bad != 0)
		fail_msg("%s: %s%s", file, r.err.text, r.first_bad.text);
	if (has_ms) {
		snprintf(name, sizeof(name), "%s.ms", file);
		slurp(&ms, name);
	}
	n = check_csv(file, &r, csv, has_ms ? (char *)ms.data : NULL, false);
	if (records > 0)
		assert_int_equal(n, records);
	ff_buf_release(&ms);
	read_release(&r);
}

/* ---- the samples ---- */

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static void samples(void **state)
{
	char path[1024], name[512], csv[520];
	unsigned files = 0;
	struct dirent *e;
	DIR *dir;

	(void)state;
	if (!data[0])
		skip();
	snprintf(path, sizeof(path), "%s/nfdump", data);
	dir = opendir(path);
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		struct stat st;

		if (e->d_name[0] != 'v' || ends_with(e->d_name, ".csv") ||
		    ends_with(e->d_name, ".ms"))
			continue;
		snprintf(name, sizeof(name), "nfdump/%.200s", e->d_name);
		snprintf(csv, sizeof(csv), "%s.csv", name);
		snprintf(path, sizeof(path), "%.400s/%s.ms", data, name);
		check_file(name, csv, stat(path, &st) == 0, 0);
		files++;
	}
	closedir(dir);
	assert_int_equal(files, 35);
}

static void samples_of_others(void **state)
{
	struct read_result r;

	(void)state;
	if (!data[0])
		skip();
	check_file("nfdump-chrispassas/nfcapd.sample",
		   "nfdump-chrispassas/nfcapd.sample.nfdump-csv.gz", false, 3018);
	r = read_file("nfdump-chrispassas/nfcapd-empty");
	assert_int_equal(r.status, FF_OK);
	assert_int_equal(r.count + r.bad, 0);
	read_release(&r);
	r = read_file("slips/test1-malicious.nfdump");
	assert_int_equal(r.status, FF_OK);
	assert_int_equal(r.bad, 0);
	assert_int_equal(r.count, 4593);
	read_release(&r);
}

/* Flows that come out whatever the damage, with what is told of it: all that nfdump
 * prints, and those behind the damage where it gives up. */
static void damaged(void **state)
{
	static const struct {
		const char *file;
		size_t flows;
		uint64_t bad;
		const char *message;
	} rows[] = {
		{"four-bytes", 0, 0, "ends within its nfcapd header"},
		{"text", 0, 0, "is no nfcapd file"},
		{"v1-pcap-big-endian", 0, 0,
		 "is an nfcapd file of a big-endian machine, which is not supported"},
		{"v1-pcap-block-type-1", 59, 20,
		 "block of flows of nfdump 1.5, which are not supported"},
		{"v1-pcap-block-type-unknown", 59, 20, "block of an unknown kind"},
		{"v1-pcap-bz2-cut-in-block", 39, 20, "block cut short: 60 of 460 bytes"},
		{"v1-pcap-bz2-flip-in-block", 59, 20,
		 "at byte 1141: bz2 block does not decompress"},
		{"v1-pcap-count-too-high", 79, 1,
		 "block with fewer records than its head says"},
		{"v1-pcap-count-too-low", 66, 1,
		 "bytes behind the last record of a block"},
		{"v1-pcap-count-zero", 59, 1, "block that says it has no records"},
		{"v1-pcap-cut-after-header", 0, 0, "ends within its nfcapd header"},
		{"v1-pcap-cut-between-blocks", 39, 2,
		 "ends at byte 3408 after 2 of 4 blocks"},
		{"v1-pcap-cut-in-block-header", 39, 1, "block cut short: 5 of 12 bytes"},
		{"v1-pcap-cut-in-header", 0, 0, "ends within its nfcapd header"},
		{"v1-pcap-lz4-cut-in-block", 39, 20, "block cut short: 60 of 711 bytes"},
		{"v1-pcap-lz4-flip-in-block", 79, 0, ""},
		{"v1-pcap-lzo-cut-in-block", 39, 20, "block cut short: 60 of 619 bytes"},
		{"v1-pcap-lzo-flip-in-block", 59, 20,
		 "at byte 1440: lzo1x block does not decompress"},
		{"v1-pcap-map-missing", 0, 79,
		 "flow record has an extension map that is not known"},
		{"v1-pcap-map-size-wrong", 0, 80,
		 "extension map does not add up to its size"},
		{"v1-pcap-none-cut-in-block", 39, 20,
		 "block cut short: 60 of 1656 bytes"},
		{"v1-pcap-none-flip-in-block", 79, 0, ""},
		{"v1-pcap-numblocks-high", 79, 996,
		 "ends at byte 6528 after 4 of 1000 blocks"},
		{"v1-pcap-numblocks-zero", 79, 0, ""},
		{"v1-pcap-record-size-big", 59, 20, "record of an impossible size"},
		{"v1-pcap-record-size-zero", 59, 20, "record of an impossible size"},
		{"v1-pcap-record-type-unknown", 78, 1, "record of an unknown kind"},
		{"v1-pcap-size-huge", 19, 0, "block of 2147483647 bytes"},
		{"v1-pcap-size-zero", 19, 0, "block of 0 bytes"},
		{"v1-pcap-two-compressions", 0, 0, "the nfcapd header of"},
		{"v1-pcap-version-3", 0, 0,
		 "is an nfcapd file of layout 3 (nfdump 1.8), which is not supported"},
		{"v2-export-appendix-cut", 97, 0, ""},
		{"v2-export-appendix-offset", 97, 0, ""},
		{"v2-export-big-endian", 0, 0,
		 "is an nfcapd file of a big-endian machine, which is not supported"},
		{"v2-export-block-type-1", 79, 20,
		 "block of flows of nfdump 1.5, which are not supported"},
		{"v2-export-block-type-unknown", 79, 20, "block of an unknown kind"},
		{"v2-export-bz2-cut-in-block", 37, 20,
		 "block cut short: 60 of 1637 bytes"},
		{"v2-export-bz2-flip-in-block", 71, 20,
		 "at byte 1827: bz2 block does not decompress"},
		{"v2-export-compression-9", 0, 0,
		 "unknown compression 9 in the nfcapd header of"},
		{"v2-export-count-too-high", 97, 1,
		 "block with fewer records than its head says"},
		{"v2-export-count-too-low", 84, 1,
		 "bytes behind the last record of a block"},
		{"v2-export-count-zero", 79, 1, "block that says it has no records"},
		{"v2-export-cut-after-header", 0, 4,
		 "ends at byte 40 after 0 of 4 blocks"},
		{"v2-export-cut-between-blocks", 37, 2,
		 "ends at byte 4740 after 2 of 4 blocks"},
		{"v2-export-cut-in-block-header", 37, 1,
		 "block cut short: 5 of 12 bytes"},
		{"v2-export-cut-in-header", 0, 0, "ends within its nfcapd header"},
		{"v2-export-element-count-high", 96, 1,
		 "flow record has fewer elements than it says"},
		{"v2-export-element-count-low", 96, 1,
		 "elements of a flow record do not add up to its size"},
		{"v2-export-element-length-zero", 96, 1,
		 "element of a flow record has a wrong length"},
		{"v2-export-element-unknown", 96, 0, ""},
		{"v2-export-encrypted", 0, 0,
		 "is an encrypted nfcapd file, which is not supported"},
		{"v2-export-lz4-cut-in-block", 37, 20,
		 "block cut short: 60 of 1884 bytes"},
		{"v2-export-lz4-flip-in-block", 97, 0, ""},
		{"v2-export-lzo-cut-in-block", 37, 20,
		 "block cut short: 60 of 1798 bytes"},
		{"v2-export-lzo-flip-in-block", 90, 4,
		 "flow record has fewer elements than it says"},
		{"v2-export-no-appendix", 97, 0, ""},
		{"v2-export-none-cut-in-block", 37, 20,
		 "block cut short: 60 of 3388 bytes"},
		{"v2-export-none-flip-in-block", 97, 0, ""},
		{"v2-export-numblocks-high", 97, 1,
		 "ends at byte 12072 after 4 of 1000 blocks"},
		{"v2-export-numblocks-zero", 97, 0, ""},
		{"v2-export-record-size-big", 79, 20, "record of an impossible size"},
		{"v2-export-record-size-zero", 79, 20, "record of an impossible size"},
		{"v2-export-record-type-unknown", 96, 1, "record of an unknown kind"},
		{"v2-export-size-huge", 19, 0, "block of 2147483647 bytes"},
		{"v2-export-size-zero", 19, 0, "block of 0 bytes"},
		{"v2-export-version-3", 0, 0,
		 "is an nfcapd file of layout 3 (nfdump 1.8), which is not supported"},
		{"v2-export-zstd-cut-in-block", 37, 20,
		 "block cut short: 60 of 1310 bytes"},
		{"v2-export-zstd-flip-in-block", 71, 20,
		 "at byte 1579: zstd block does not decompress"},
	};

	(void)state;
	if (!data[0])
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char name[512], csv[520];
		struct read_result r;

		snprintf(name, sizeof(name), "nfdump/damaged/%s", rows[i].file);
		snprintf(csv, sizeof(csv), "%s.csv", name);
		r = read_file(name);
		if (r.count != rows[i].flows || r.bad != rows[i].bad ||
		    !strstr(r.status == FF_OK ? r.first_bad.text : r.err.text,
			    rows[i].message) ||
		    (r.status != FF_OK) != (rows[i].message[0] && rows[i].bad == 0))
			fail_msg("%s: status %d, %zu flows, %llu bad: %s%s", name,
				 r.status, r.count, (unsigned long long)r.bad, r.err.text,
				 r.first_bad.text);
		check_csv(name, &r, csv, NULL, true);
		read_release(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples),
		cmocka_unit_test(samples_of_others),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, open_samples, NULL);
}
