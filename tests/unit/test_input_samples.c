/* SPDX-License-Identifier: MIT */
/* input: real samples (FF_SHARED), against sums that scripts independent of flowfig have
 * made of the same files; skipped without them. And that no reader takes the file of
 * another for its own. */
#include "input_help.h"

#include <dirent.h>
#include <sys/stat.h>

struct sample {
	const char *path, *format;
	/* flows, packets, bytes, sum of sPort + 2 dPort, of durations in us, flows with a
	 * duration, sums of flags, of initial flags, flows of IPv6, sum of type * 256 +
	 * code + 1 of ICMP, of start times in us (mod 2^64), flows by orientation;
	 * damaged lines and lines without a flow */
	const char *sums;
};

static const struct sample samples[] = {
	{"ctu-zeek/001-zeek-scenario-malicious/conn.log", "zeek",
	 "1431 3225 1085168 86100005 18546914737 1026 3344 1954 1019 11715690 "
	 "1769313582845 0 81 327 4 1019, 0 0"},
	{"ctu-zeek/002-zeek-scenario-port-scanning/conn.log", "zeek",
	 "6088 6442 275046 395149876 9485197149 3390 18361 12708 0 1228095 "
	 "10133266167038063059 0 1486 4281 321 0, 0 0"},
	{"ctu-zeek/008-zeek-mixed/conn.log.labeled", "zeek",
	 "7116 56463 17020653 546866526 373308736340 6961 54195 30232 0 38426 "
	 "11777785817123304187 0 5611 1505 0 0, 0 0"},
	{"ctu-zeek/011-zeek-mixed/conn.log.labeled", "zeek",
	 "13850 2223003 1591297196 1143800363 979837239323 13683 168988 96990 0 226961 "
	 "4476640483706915108 0 8779 5009 62 0, 0 0"},
	{"otrf-apt29/day2-UTICA-A_conn.log", "zeek",
	 "706 5233 2682608 65476644 1496220680 706 12097 6340 0 0 1121351833212182124 "
	 "706 "
	 "0 0 0 0, 0 0"},
	{"aws-marx/marx-mar-may.conn.log.gz", "zeek",
	 "187849 187849 0 4987278416 0 0 0 0 0 35411065 16865300685740828992 187849 0 0 "
	 "0 0, 0 0"},
	{"derived-argus/day2-UTICA-A.argus.csv", "argus",
	 "748 36 3662776 69975021 72629354 748 0 0 0 0 1188061152353458542 748 0 0 0 0, "
	 "0 33"},
	{"slips/2016-09-09_win1.binetflow", "argus",
	 "9492 3910 5303683 751065010 290950555204 9492 182228 0 3111 1391159 "
	 "47036015655353 9492 0 0 0 0, 0 15"},
	{"slips/test2-malicious.binetflow", "argus",
	 "13412 491156 348705565 814958621 1427673027358 13412 216142 0 0 57858 "
	 "2401288557990377035 13412 0 0 0 0, 0 0"},
	{"slips/test5.binetflow", "argus",
	 "13058 56748 6479293 1075887417 21377166160 13058 88934 0 6 108307 "
	 "51372596958306 13058 0 0 0 0, 0 4"},
	{"slips/test6-malicious.suricata.json", "eve",
	 "6047 39171 5030629 482159940 173300965379 6047 57529 0 0 0 9814464129635942572 "
	 "6047 0 0 0 0, 0 1488"},
	{"nfdump-chrispassas/nfcapd.sample.nfdump-csv.gz", "nfdump-csv",
	 "3018 43558 27576229 206049102 18446744064496551616 3018 19229 0 730 104 "
	 "5054159409882000000 3018 0 0 0 0, 0 0"},
	{"nfdump/v1-export-none.csv", "nfdump-csv",
	 "317 13721934989331 13873176636728 6643004 21483299046000 317 2777 0 59 377448 "
	 "538878494981000000 317 0 0 0 0, 0 0"},
	{"nfdump/v1-pcap-lz4-multi.csv", "nfdump-csv",
	 "300 602 134235 12186078 67582000 300 3680 0 95 358468 510000004258000000 300 0 "
	 "0 0 0, 0 0"},
	{"nfdump/v2-pcap-biflow.csv", "nfdump-csv",
	 "305 602 151519 12186078 197104000 305 1843 0 100 358468 518500004260000000 305 "
	 "0 0 0 0, 0 10"},
	{"nfdump/v2.178-export6-none.csv", "nfdump-csv",
	 "325 257186704451105 290877928295265 7093797 8590006705000 325 3390 0 67 400759 "
	 "552491388736000000 325 0 0 0 0, 0 0"},
	{"nfdump/v2-label-lz4.csv", "nfdump-csv",
	 "141 5887463465867 6853038536035 6748187 18382144073969837616 141 3390 0 33 0 "
	 "215899990441000000 141 0 0 0 0, 0 0"},
#ifdef FF_HAVE_PCAP /* sums of what tshark prints of each packet */
	{"ndpi/alexa-app.pcapng", "pcap",
	 "324 3406 1382163 20268893 1057975376 324 6453 2638 4 143110 483076255592532238 "
	 "324 0 0 0 0, 0 29"},
	{"ndpi/skype.pcap", "pcap",
	 "397 3069 591207 36371027 6437260072 397 5293 1998 1 772 568491966543489094 397 "
	 "0 0 0 0, 0 215"},
	{"ndpi/synscan.pcap", "pcap",
	 "2002 2011 88464 106942041 63860305 2002 4142 4142 0 0 2559106669858084895 2002 "
	 "0 0 0 0, 0 0"},
	{"ndpi/teams.pcap", "pcap",
	 "157 2775 1447523 13733172 215202953 157 2150 885 0 772 249165544772290882 157 "
	 "0 0 0 0, 0 42"},
	{"otrf-apt29/day2-UTICA-A.cap", "pcap",
	 "712 5253 5063150 66063459 967060219 712 17273 6452 0 0 1130881736288124560 712 "
	 "0 0 0 0, 0 0"},
	{"slips/test-cc-capture-1.pcap", "pcap",
	 "598 7931 1834892 43600707 125915001 598 16146 5980 0 0 1021028627897905646 598 "
	 "0 0 0 0, 0 0"},
	{"slips/test7-malicious.pcap", "pcap",
	 "428 1969 277512 22050191 3545829972 428 832 764 13 219957 650829219092295901 "
	 "428 0 0 0 0, 0 31"},
#endif
	{"derived-vpc/ctu-008-011.vpcflow.log.gz", "vpc",
	 "20904 2279381 1608314425 1685665707 1373927000000 20904 0 0 0 0 "
	 "16151808702676448384 20904 0 0 0 0, 0 0"},
};

struct sums {
	uint64_t flows, packets, bytes, ports, durations, with_duration, flags, initial,
		v6, icmp, starts, orient[FF_ORIENTS];
};

static void sums_add(struct sums *s, const struct ff_flow *f)
{
	s->flows++;
	s->packets += f->packets;
	s->bytes += f->bytes;
	s->ports += f->sport + 2 * (uint64_t)f->dport;
	s->starts += (uint64_t)(f->start_ns / 1000);
	if (f->present & FF_BIT(FF_DURATION)) {
		s->durations += (uint64_t)((f->end_ns - f->start_ns) / 1000);
		s->with_duration++;
	}
	s->flags += f->flags;
	s->initial += f->initial_flags;
	s->v6 += f->is_v6_record;
	if (f->present & FF_BIT(FF_ICMP_TYPE))
		s->icmp += f->icmp_type * 256U + f->icmp_code + 1U;
	s->orient[f->orient]++;
}

static const char *shared_data(void)
{
	static char path[512];
	const char *dir = getenv("FF_SHARED");
	struct stat st;

	snprintf(path, sizeof path, "%s/data", dir ? dir : "../shared");
	return stat(path, &st) == 0 ? path : NULL;
}

static void check_sample(const char *data, const struct sample *sample)
{
	struct ff_input_opts o = {0};
	struct ff_batch batch;
	struct ff_lane lane = {0};
	struct ff_source *s;
	struct ff_err err = {0};
	struct sums n = {0};
	char path[1024], text[512];

	snprintf(path, sizeof path, "%s/%s", data, sample->path);
	assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&batch, 100, NULL), FF_OK);
	if (ff_source_open(&s, path, &o, &err) != FF_OK)
		fail_msg("%s", err.text);
	assert_string_equal(ff_source_format(s), sample->format);
	while (ff_source_next(s, &lane, &batch, &err) > 0)
		for (size_t i = 0; i < batch.count; i++)
			sums_add(&n, &batch.flows[i]);
	assert_int_equal(err.status, FF_OK);
#define U(v) (unsigned long long)(v)
	snprintf(text, sizeof text,
		 "%llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu "
		 "%llu %llu %llu %llu %llu, %llu %llu",
		 U(n.flows), U(n.packets), U(n.bytes), U(n.ports), U(n.durations),
		 U(n.with_duration), U(n.flags), U(n.initial), U(n.v6), U(n.icmp),
		 U(n.starts), U(n.orient[0]), U(n.orient[1]), U(n.orient[2]),
		 U(n.orient[3]), U(n.orient[4]), U(ff_source_bad(s, &err)),
		 U(ff_source_other(s)));
	if (strcmp(text, sample->sums) != 0)
		fail_msg("%s\n  want %s\n  have %s\n  %s", sample->path, sample->sums,
			 text, err.text);
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_source_close(s);
	ff_site_free(o.site);
}

static void test_samples_sums(void **state)
{
	const char *data = shared_data();

	(void)state;
	if (!data)
		skip();
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		check_sample(data, &samples[i]);
}

/* ---- probes ---- */

/* The reader of each file, by the longest beginning of its path that is listed; NULL:
 * none takes it. */
static const struct {
	const char *path, *format;
} kinds[] = {
	{"aws-marx/marx-mar-may.conn.log.gz", "zeek"},
	{"aws-marx/marx-mar-may.rwcut.txt.gz", "rwcut"},
	{"ctu-zeek/001", "zeek"},
	{"ctu-zeek/002", "zeek"},
	{"ctu-zeek/008", "zeek"},
	{"ctu-zeek/011", "zeek"},
	{"otrf-apt29/day2-UTICA-A_conn.log", "zeek"},
	{"derived-argus/", "argus"},
	{"derived-vpc/", "vpc"},
	{"nfdump-chrispassas/nfcapd.sample.nfdump-csv.gz", "nfdump-csv"},
	{"nfdump-chrispassas/nfcapd", "nfdump"},
	{"slips/test1-malicious.nfdump", "nfdump"},
	{"slips/test6-malicious.suricata.json", "eve"},
	{"slips/2016-09-09_win1.binetflow", "argus"},
	{"slips/test2-malicious.binetflow", "argus"},
	{"slips/test5.binetflow", "argus"},
};

static bool is_text_reader(const char *name)
{
	static const char *const names[] = {"argus", "eve",  "nfdump-csv",
					    "vpc",   "zeek", NULL};

	for (size_t i = 0; names[i]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static const char *expected_kind(const char *path)
{
	size_t len = strlen(path);

	if (strncmp(path, "nfdump/v", 8) == 0 && strcmp(path + len - 4, ".csv") == 0)
		return "nfdump-csv";
	if (strncmp(path, "nfdump/v", 8) == 0 && strcmp(path + len - 3, ".ms") != 0)
		return "nfdump";
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(path, kinds[i].path, strlen(kinds[i].path)) == 0)
			return kinds[i].format;
	return NULL;
}

static void probe_file(const char *path, const char *name)
{
	const char *want = expected_kind(name), *best = NULL;
	const struct ff_reader_type *t;
	const uint8_t *head;
	struct ff_stream *s;
	int most = 49;

	if (ff_stream_open(&s, path, NULL) != FF_OK)
		return;
	ptrdiff_t n = ff_stream_peek(s, &head, 4096, NULL);

	for (size_t i = 0; n > 0 && (t = ff_reader_at(i)) != NULL; i++) {
		int score = t->probe(head, (size_t)n);

		if (score >= 50 && want && strcmp(t->name, want) != 0 && score > 89)
			fail_msg("'%s' is as good as %s (%d)", name, t->name, score);
		if (score > most) {
			most = score;
			best = t->name;
		}
	}
	if (strncmp(name, "nfdump/damaged/", 15) != 0 &&
	    (want ? !best || strcmp(best, want) != 0 : best && is_text_reader(best)))
		fail_msg("'%s' is taken for %s, not for %s", name, best ? best : "none",
			 want ? want : "none");
	ff_stream_close(s);
}

static void probe_folder(const char *root, const char *under)
{
	char path[1024], name[768];
	const struct dirent *e;
	struct stat st;
	DIR *d;

	snprintf(path, sizeof path, "%s/%s", root, under);
	d = opendir(path);
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s%s%s", under, *under ? "/" : "",
			 e->d_name);
		snprintf(path, sizeof path, "%s/%s", root, name);
		assert_int_equal(stat(path, &st), 0);
		if (S_ISDIR(st.st_mode))
			probe_folder(root, name);
		else
			probe_file(path, name);
	}
	closedir(d);
}

static void test_samples_probes(void **state)
{
	const char *data = shared_data();

	(void)state;
	if (!data)
		skip();
	probe_folder(data, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_sums),
		cmocka_unit_test(test_samples_probes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
