/* SPDX-License-Identifier: MIT */
/* input/writer: what is written is read again, field for field */
#include "input_help.h"

#include <unistd.h>

static const char *scratch(void)
{
	static char path[512];
	const char *dir = getenv("FF_TMP");

	snprintf(path, sizeof path, "%s/input-writer-%ld", dir ? dir : "out",
		 (long)getpid());
	return path;
}

/* Writes the flows, in batches of a few, and returns the file's bytes (malloc'ed). */
static uint8_t *write_with(size_t *len, struct ff_flow *flows, size_t n,
			   const struct ff_flow_writer_opts *opts)
{
	struct ff_flow_writer *w;
	struct ff_output *out;
	struct ff_err err;
	uint8_t *data;
	FILE *f;

	assert_int_equal(ff_output_open(&out, scratch(), NULL), FF_OK);
	assert_int_equal(ff_flow_writer_new(&w, out, opts, NULL), FF_OK);
	for (size_t i = 0; i < n; i += 7) {
		struct ff_batch b = {
			.flows = flows + i, .count = n - i < 7 ? n - i : 7, .cap = 7};

		if (ff_flow_writer_add(w, &b, &err) < 0)
			fail_msg("%s", err.text);
	}
	assert_int_equal(ff_flow_writer_finish(w, NULL), FF_OK);
	ff_flow_writer_free(w);
	assert_int_equal(ff_output_commit(&out, NULL), FF_OK);
	f = fopen(scratch(), "rb");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	*len = (size_t)ftell(f);
	rewind(f);
	data = malloc(*len + 1);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, *len, f), *len);
	data[*len] = '\0';
	fclose(f);
	remove(scratch());
	return data;
}

/* With rwcut's columns and the type where it is text. */
static uint8_t *write_flows(size_t *len, struct ff_flow *flows, size_t n,
			    enum ff_flow_format format, bool v6, const char *invocation,
			    const struct ff_site *site)
{
	struct ff_flow_writer_opts opts = {
		.format = format, .silk_v6 = v6, .invocation = invocation, .site = site};

	assert_int_equal(ff_columns_parse(&opts.columns, "1-12,type", NULL), FF_OK);
	return write_with(len, flows, n, &opts);
}

#define BASIC                                                                    \
	(FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) | \
	 FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) |           \
	 FF_BIT(FF_FLAGS) | FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME))

/* Flows of all kinds; times in whole milliseconds where `ms`, IPv4 only where `v4`. */
static void make_flows(struct ff_flow *flows, size_t n, bool ms, bool v4)
{
	uint64_t r = 42;

	for (size_t i = 0; i < n; i++) {
		struct ff_flow *f = &flows[i];

		memset(f, 0, sizeof *f);
		r = ff_mix64(r + i);
		f->present = BASIC;
		f->sip = ff_addr_from_v4((uint32_t)r);
		f->dip = ff_addr_from_v4((uint32_t)(r >> 32));
		f->start_ns =
			INT64_C(1700000000) * FF_SEC + (int64_t)(r >> 8) % (400 * FF_DAY);
		f->end_ns = f->start_ns + (int64_t)(r >> 3) % FF_HOUR;
		if (i % 10 == 0)
			f->end_ns = f->start_ns;
		if (ms) {
			f->start_ns -= f->start_ns % FF_MS;
			f->end_ns -= f->end_ns % FF_MS;
		}
		f->packets = r % 1000 + 1;
		f->bytes = i % 5 ? r % 100000 : UINT32_MAX;
		f->sport = (uint16_t)r;
		f->dport = (uint16_t)(r >> 20);
		f->protocol = (uint8_t[]){6, 17, 1, 6, 47, 58}[i % 6];
		f->flags = f->protocol == 6 ? (uint8_t)(r >> 40) : 0;
		if (!v4 && i % 3 == 2) {
			memset(f->sip.b, 0, 16);
			f->sip.b[0] = 0x20;
			f->sip.b[15] = (uint8_t)r;
			f->is_v6_record = true;
		}
		if (f->protocol == 1 || (f->protocol == 58 && f->is_v6_record)) {
			f->sport = f->dport = 0;
			f->icmp_type = (uint8_t)(r >> 5);
			f->icmp_code = (uint8_t)(r >> 13);
			f->present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
		}
		if (i % 4) {
			f->sensor = (uint16_t)(i % 3);
			f->flowtype = (uint8_t)(i % 11);
			f->present |= FF_BIT(FF_SENSOR) | FF_BIT(FF_FLOWTYPE);
		}
	}
}

static struct ff_site *make_site(void)
{
	static const char *const names[] = {"east", "west wing", "a,\"b\""};
	struct ff_site *site;

	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(ff_site_intern(site, names[i], strlen(names[i])), i);
	return site;
}

static void expect_same(const struct ff_flow *flows, size_t n, const uint8_t *data,
			size_t len, struct ff_site *site, const char *format)
{
	struct read_result r =
		read_memory(data, len, (struct ff_input_opts){.site = site});

	if (r.status != FF_OK || r.bad || r.count != n)
		fail_msg("%s: status %d '%s', %zu flows, %llu bad '%s'", format, r.status,
			 r.err.text, r.count, (unsigned long long)r.bad,
			 r.first_bad.text);
	assert_string_equal(r.format, format);
	for (size_t i = 0; i < n; i++) {
		struct ff_flow want = flows[i];
		char text[512];

		want.orient =
			(uint8_t)(want.present & FF_BIT(FF_FLOWTYPE)
					  ? ff_site_type(site, want.flowtype)->orient
					  : FF_ORIENT_UNKNOWN);
		r.flows[i].present &= BASIC | FF_BIT(FF_SENSOR) | FF_BIT(FF_FLOWTYPE) |
				      FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
		snprintf(text, sizeof text, "%s", flow_text(&want));
		if (strcmp(text, flow_text(&r.flows[i])) != 0)
			fail_msg("%s, flow %zu:\n  wrote %s\n  read  %s", format, i, text,
				 flow_text(&r.flows[i]));
	}
	read_release(&r);
}

enum { FLOWS = 3000 };
static struct ff_flow flows[FLOWS];

static void test_writer_round_trips(void **state)
{
	static const struct {
		enum ff_flow_format format;
		const char *name;
		bool ms, v4, silk_v6;
	} rows[] = {
		{FF_WRITE_RWCUT, "rwcut", true, false, false},
		{FF_WRITE_CSV, "csv", false, false, false},
		{FF_WRITE_SILK, "silk", true, true, false},
		{FF_WRITE_SILK, "silk", true, false, true},
	};
	struct ff_site *site = make_site();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const size_t counts[] = {0, 1, 8, FLOWS};

		make_flows(flows, FLOWS, rows[i].ms, rows[i].v4);
		for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
			size_t len;
			uint8_t *data =
				write_flows(&len, flows, counts[k], rows[i].format,
					    rows[i].silk_v6, "flowfig simulate", site);

			expect_same(flows, counts[k], data, len, site, rows[i].name);
			free(data);
		}
	}
	ff_site_free(site);
}

static void test_writer_text(void **state)
{
	struct ff_site *site = make_site();
	struct ff_flow f[3] = {{
		.present = BASIC | FF_BIT(FF_SENSOR) | FF_BIT(FF_FLOWTYPE),
		.sip = ff_addr_from_v4(0x3d83dada),
		.dip = ff_addr_from_v4(0x0a4d0003),
		.sport = 6000,
		.dport = 1433,
		.protocol = 6,
		.packets = 1,
		.bytes = 40,
		.flags = FF_SYN | FF_ACK,
		.start_ns = INT64_C(1362347639000000000),
		.end_ns = INT64_C(1362347640500000000),
		.sensor = 0,
		.flowtype = 2,
	}};
	size_t len;
	uint8_t *data;

	(void)state;
	f[1] = f[0]; /* ICMP, an end before the start, a time with nanoseconds, a name
			with marks */
	f[1].protocol = 1;
	f[1].present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	f[1].sport = f[1].dport = 0;
	f[1].icmp_type = 3;
	f[1].icmp_code = 1;
	f[1].flags = 0;
	f[1].start_ns += 1;
	f[1].end_ns = f[1].start_ns - 1500000001;
	f[1].sensor = 2;
	f[2] = (struct ff_flow){.present = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) |
					   FF_BIT(FF_STIME),
				.sip = f[0].sip,
				.dip = f[0].dip,
				.start_ns = -1};
	data = write_flows(&len, f, 3, FF_WRITE_RWCUT, false, NULL, site);
	assert_string_equal(
		(char *)data,
		"sIP|dIP|sPort|dPort|protocol|packets|bytes|flags|sTime|duration|eTime|"
		"sensor|"
		"type|\n"
		"61.131.218.218|10.77.0.3|6000|1433|6|1|40|SA|2013/03/03T21:53:59.000|"
		"1.500|2013/03/03T21:54:00.500|east|inweb|\n"
		"61.131.218.218|10.77.0.3|0|769|1|1|40||2013/03/03T21:53:59.000|0.000|"
		"2013/03/03T21:53:57.500|a,\"b\"|inweb|\n"
		"61.131.218.218|10.77.0.3|||||||1969/12/31T23:59:59.999|||?|255|\n");
	free(data);
	data = write_flows(&len, f, 3, FF_WRITE_CSV, false, NULL, site);
	assert_string_equal(
		(char *)data,
		"sip,dip,sport,dport,protocol,packets,bytes,flags,stime,duration,etime,"
		"sensor,type\n"
		"61.131.218.218,10.77.0.3,6000,1433,6,1,40,SA,2013-03-03T21:53:59Z,1.500,"
		"2013-03-03T21:54:00.500Z,east,inweb\n"
		"61.131.218.218,10.77.0.3,0,769,1,1,40,,2013-03-03T21:53:59.000000001Z,"
		"-1.500000001,2013-03-03T21:53:57.500Z,\"a,\"\"b\"\"\",inweb\n"
		"61.131.218.218,10.77.0.3,,,,,,-,1969-12-31T23:59:59.999999999Z,,,,\n");
	expect_same(f, 3, data, len, site, "csv");
	free(data);
	ff_site_free(site);
}

/* All columns through CSV: nothing is lost, whatever is absent. */
static void test_writer_all_columns(void **state)
{
	struct ff_site *site = make_site();
	struct ff_flow_writer_opts opts = {.format = FF_WRITE_CSV, .site = site};
	uint64_t r = 7;

	(void)state;
	make_flows(flows, FLOWS, false, false);
	for (size_t i = 0; i < FLOWS; i++) {
		struct ff_flow *f = &flows[i];

		r = ff_mix64(r + i);
		if (i % 2) {
			f->present |= FF_BIT(FF_IN) | FF_BIT(FF_OUT) | FF_BIT(FF_NHIP) |
				      FF_BIT(FF_INITIAL_FLAGS) |
				      FF_BIT(FF_SESSION_FLAGS) | FF_BIT(FF_ATTRIBUTES) |
				      FF_BIT(FF_APPLICATION);
			f->in = (uint32_t)r;
			f->out = (uint32_t)(r >> 32);
			f->nhip = ff_addr_from_v4((uint32_t)(r >> 16));
			f->initial_flags = (uint8_t)r;
			f->session_flags = (uint8_t)(r >> 8);
			f->attributes = (uint8_t)(r >> 16) & 0x78;
			f->application = (uint16_t)(r >> 24);
		}
		if (i % 7 == 3)
			*f = (struct ff_flow){.present = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) |
							 FF_BIT(FF_STIME),
					      .sip = f->sip,
					      .dip = f->dip,
					      .start_ns = f->start_ns,
					      .end_ns = f->start_ns};
	}
	for (int titles = 0; titles < 2; titles++) {
		size_t len;
		uint8_t *data;
		struct read_result back;

		opts.tz_ns = titles ? 0 : -(5 * FF_HOUR + FF_HOUR / 2);
		opts.times = titles ? FF_TIMES_EPOCH : FF_TIMES_DEFAULT;
		data = write_with(&len, flows, FLOWS, &opts);
		back = read_memory(data, len, (struct ff_input_opts){.site = site});
		assert_int_equal(back.count, FLOWS);
		assert_int_equal(back.bad, 0);
		for (size_t i = 0; i < FLOWS; i++) {
			struct ff_flow *a = &flows[i], *b = &back.flows[i];

			assert_int_equal(a->present, b->present);
			assert_memory_equal(&a->sip, &b->sip, sizeof a->sip);
			assert_true(a->start_ns == b->start_ns && a->end_ns == b->end_ns);
			assert_true(a->in == b->in && a->out == b->out);
			assert_true(!(a->present & FF_BIT(FF_NHIP)) ||
				    ff_addr_cmp(&a->nhip, &b->nhip) == 0);
			assert_int_equal(a->initial_flags, b->initial_flags);
			assert_int_equal(a->session_flags, b->session_flags);
			assert_int_equal(a->attributes, b->attributes);
			assert_int_equal(a->application, b->application);
			assert_int_equal(a->icmp_type, b->icmp_type);
			assert_int_equal(a->icmp_code, b->icmp_code);
		}
		read_release(&back);
		free(data);
	}
	ff_site_free(site);
}

/* Names of sensors may be any bytes; JSON must stay JSON. */
static void test_writer_ndjson_names(void **state)
{
	static const struct {
		const char *name, *want;
	} rows[] = {
		{"plain", "plain"},
		{"q\"b\\s", "q\\\"b\\\\s"},
		{"\x01\x1f\t", "\\u0001\\u001f\\u0009"},
		{"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
		 "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"},
		{"\xff|\xc3|\xc0\x80", "\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd"
				       "\xef\xbf\xbd"},
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	};
	struct ff_flow f = {.present = FF_BIT(FF_SENSOR)};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_site *site;
		struct ff_flow_writer_opts opts = {.format = FF_WRITE_NDJSON};
		char want[200];
		uint8_t *data;
		size_t len;

		assert_int_equal(ff_site_new(&site, NULL), FF_OK);
		assert_int_equal(ff_site_intern(site, rows[i].name, strlen(rows[i].name)),
				 0);
		opts.site = site;
		data = write_with(&len, &f, 1, &opts);
		snprintf(want, sizeof want, "{\"sensor\":\"%s\"}\n", rows[i].want);
		assert_string_equal((char *)data, want);
		free(data);
		ff_site_free(site);
	}
	f.present = 0;
	struct ff_site *site = make_site();
	size_t len;
	uint8_t *data = write_with(
		&len, &f, 1,
		&(struct ff_flow_writer_opts){.format = FF_WRITE_NDJSON, .site = site});
	assert_string_equal((char *)data, "{}\n");
	free(data);
	ff_site_free(site);
}

static void test_writer_columns(void **state)
{
	static const struct {
		const char *list, *want; /* NULL: refused */
	} rows[] = {
		{"1-3", "0 1 2"},
		{"sIP,DIP, 9 ,dur", "0 1 8 9"},
		{"25", "20 21"},
		{"class,type,20", NULL},
		{"class,21", "22 12"},
		{"pro,sen,init,sess,attr,app", "4 11 16 17 18 19"},
		{"sTime+msec,23", "8 10"},
		{"srcaddr,dst_port", "0 3"},
		{"1,-,2", NULL},
		{"", NULL},
		{"3-1", NULL},
		{"13-20", NULL},
		{"1,sip", NULL},
		{"nonsense", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_columns c;
		struct ff_err err = {0};
		char text[200] = "";
		int rc = ff_columns_parse(&c, rows[i].list, &err);

		assert_int_equal(rc, rows[i].want ? FF_OK : FF_EUSAGE);
		if (rc)
			continue;
		for (size_t k = 0; k < c.count; k++)
			snprintf(text + strlen(text), sizeof text - strlen(text), "%s%u",
				 k ? " " : "", c.items[k]);
		assert_string_equal(text, rows[i].want);
	}
}

static void test_writer_losses(void **state)
{
	struct ff_site *site = make_site();
	struct ff_flow_writer_opts opts = {.format = FF_WRITE_SILK, .site = site};
	struct ff_flow_writer *w;
	struct ff_output *out;
	struct ff_buf text = FF_BUF_INIT;
	struct ff_flow f[3] = {{.present = BASIC, .protocol = 47},
			       {.present = BASIC, .protocol = 6},
			       {.present = BASIC, .protocol = 17}};
	struct ff_batch b = {.flows = f, .count = 3, .cap = 3};

	(void)state;
	for (int i = 0; i < 3; i++)
		f[i].sip = f[i].dip = ff_addr_from_v4(1);
	assert_int_equal(ff_output_open(&out, scratch(), NULL), FF_OK);
	assert_int_equal(ff_flow_writer_new(&w, out, &opts, NULL), FF_OK);
	assert_int_equal(ff_flow_writer_add(w, &b, NULL), FF_OK);
	ff_flow_writer_losses(&text, w);
	assert_string_equal(ff_buf_str(&text), "");
	/* GRE has no ports, and UDP no flags: nothing is lost there */
	for (int i = 0; i < 3; i++)
		f[i].present &= ~(FF_BIT(FF_SPORT) | FF_BIT(FF_FLAGS));
	f[0].start_ns = 1;
	f[0].end_ns = 2;
	f[1].end_ns = -FF_MS;
	f[2].bytes = UINT64_C(1) << 32;
	f[2].in = 65536;
	assert_int_equal(ff_flow_writer_add(w, &b, NULL), FF_OK);
	ff_flow_writer_losses(&text, w);
	assert_string_equal(ff_buf_str(&text),
			    "not known, and 0 now: sPort of 2 flows, flags of 1 flow; "
			    "too large, and the largest number now: bytes of 1 flow, in "
			    "of 1 flow; 1 flow ending before the start, 0 s long now; 1 "
			    "flow with times cut to milliseconds");
	ff_buf_release(&text);
	ff_flow_writer_free(w);
	ff_output_abort(&out);
	ff_site_free(site);
}

/* The header as SiLK's rwcat writes it: a multiple of the record length. */
static void test_writer_silk_header(void **state)
{
	static const char *const invocations[] = {
		NULL, "", "x", "flowfig simulate border --seed=1",
		"a longer command line that does not fit into the "
		"first record's length of eighty-eight bytes"};
	struct ff_site *site = make_site();

	(void)state;
	make_flows(flows, 2, true, true);
	for (size_t i = 0; i < sizeof invocations / sizeof *invocations; i++) {
		for (int v6 = 0; v6 < 2; v6++) {
			size_t len, record = v6 ? 88 : 52;
			uint8_t *data = write_flows(&len, flows, 2, FF_WRITE_SILK, v6,
						    invocations[i], site);
			struct ff_silk_header h;
			struct ff_stream *s;

			assert_int_equal(ff_stream_memory(&s, "x.rw", data, len, NULL),
					 FF_OK);
			assert_int_equal(ff_silk_header_read(&h, s, NULL), FF_OK);
			assert_int_equal(h.body_offset % record, 0);
			assert_int_equal(h.body_offset + 2 * record, len);
			assert_int_equal(h.record_length, record);
			assert_int_equal(h.record_version, v6 ? 1 : 5);
			assert_int_equal(h.format, v6 ? 0x0c : 0x16);
			assert_false(h.big_endian);
			if (invocations[i] && invocations[i][0])
				assert_non_null(strstr(ff_buf_str(&h.invocations),
						       invocations[i]));
			else
				assert_int_equal(h.body_offset, record);
			ff_silk_header_release(&h);
			ff_stream_close(s);
			free(data);
		}
	}
	ff_site_free(site);
}

/* What SiLK's records cannot hold is stored as their limit. */
static void test_writer_silk_limits(void **state)
{
	struct ff_site *site = make_site();
	struct ff_flow f = {
		.present = BASIC | FF_BIT(FF_IN) | FF_BIT(FF_OUT) |
			   FF_BIT(FF_INITIAL_FLAGS) | FF_BIT(FF_SESSION_FLAGS) |
			   FF_BIT(FF_ATTRIBUTES) | FF_BIT(FF_APPLICATION),
		.sip = ff_addr_from_v4(1),
		.dip = ff_addr_from_v4(2),
		.protocol = 6,
		.packets = UINT64_MAX,
		.bytes = UINT64_C(1) << 32,
		.in = 70000,
		.out = 65535,
		.start_ns = 1999999,
		.end_ns = 50 * FF_DAY,
		.flags = FF_SYN | FF_ACK,
		.initial_flags = FF_SYN,
		.session_flags = FF_ACK,
		.attributes = FF_ATTR_TIMEOUT | FF_ATTR_EXPANDED | 0x80,
		.application = 443,
	};
	struct read_result r;
	size_t len;

	(void)state;
	for (int v6 = 0; v6 < 2; v6++) {
		uint8_t *data = write_flows(&len, &f, 1, FF_WRITE_SILK, v6, NULL, site);

		r = read_memory(data, len, (struct ff_input_opts){.site = site});
		assert_int_equal(r.count, 1);
		assert_true(r.flows[0].packets == UINT32_MAX);
		assert_true(r.flows[0].bytes == UINT32_MAX);
		assert_int_equal(r.flows[0].in, 65535);
		assert_int_equal(r.flows[0].out, 65535);
		assert_true(r.flows[0].start_ns == FF_MS);
		assert_true(r.flows[0].end_ns == FF_MS + UINT32_MAX * FF_MS);
		assert_int_equal(r.flows[0].initial_flags, FF_SYN);
		assert_int_equal(r.flows[0].session_flags, FF_ACK);
		assert_int_equal(r.flows[0].attributes,
				 FF_ATTR_TIMEOUT | FF_ATTR_EXPANDED);
		assert_int_equal(r.flows[0].application, 443);
		assert_int_equal(r.flows[0].present & FF_BIT(FF_SENSOR), 0);
		assert_false(r.flows[0].is_v6_record);
		read_release(&r);
		free(data);
	}
	ff_site_free(site);
}

static void test_writer_refuses_v6(void **state)
{
	struct ff_site *site = make_site();
	struct ff_flow_writer_opts opts = {.format = FF_WRITE_SILK, .site = site};
	struct ff_flow_writer *w;
	struct ff_output *out;
	struct ff_batch b = {.flows = flows, .count = 3, .cap = 3};
	struct ff_err err;

	(void)state;
	make_flows(flows, 3, true, false);
	assert_int_equal(ff_output_open(&out, scratch(), NULL), FF_OK);
	assert_int_equal(ff_flow_writer_new(&w, out, &opts, NULL), FF_OK);
	assert_int_equal(ff_flow_writer_add(w, &b, &err), FF_EUSAGE);
	assert_non_null(strstr(err.text, "record 3 has an IPv6 address"));
	ff_flow_writer_free(w);
	ff_output_abort(&out);
	ff_site_free(site);
}

static void test_writer_failing_memory(void **state)
{
	struct ff_site *site = make_site();
	struct ff_batch b = {.flows = flows, .count = 300, .cap = 300};

	(void)state;
	make_flows(flows, 300, true, true);
	for (int format = FF_WRITE_RWCUT; format <= FF_WRITE_SILK; format++) {
		struct ff_flow_writer_opts opts = {.format = (enum ff_flow_format)format,
						   .silk_v6 = true,
						   .invocation = "x",
						   .site = site};
		int rc = FF_ENOMEM;

		for (uint64_t n = 1; rc != FF_OK; n++) {
			struct ff_flow_writer *w = NULL;
			struct ff_output *out;

			assert_int_equal(ff_output_open(&out, scratch(), NULL), FF_OK);
			ff_alloc_fail_after(n);
			rc = ff_flow_writer_new(&w, out, &opts, NULL);
			if (rc == FF_OK)
				rc = ff_flow_writer_add(w, &b, NULL);
			if (rc == FF_OK)
				rc = ff_flow_writer_finish(w, NULL);
			ff_alloc_fail_after(0);
			assert_true(rc == FF_OK || rc == FF_ENOMEM);
			ff_flow_writer_free(w);
			ff_output_abort(&out);
		}
	}
	ff_site_free(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writer_round_trips),
		cmocka_unit_test(test_writer_text),
		cmocka_unit_test(test_writer_all_columns),
		cmocka_unit_test(test_writer_ndjson_names),
		cmocka_unit_test(test_writer_columns),
		cmocka_unit_test(test_writer_losses),
		cmocka_unit_test(test_writer_silk_header),
		cmocka_unit_test(test_writer_silk_limits),
		cmocka_unit_test(test_writer_refuses_v6),
		cmocka_unit_test(test_writer_failing_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
