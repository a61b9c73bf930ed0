/* SPDX-License-Identifier: MIT */
/* Selection switches: every line of the input is one word of a command line. */
#include "fuzz/fuzz.h"

#include <flowfig/select.h>

enum { WORDS_MAX = 32, ROWS_MAX = 256 };

static int select_no_file(void *params, const char *name, const char *value,
			  struct ff_err *err)
{
	(void)params, (void)name, (void)value, (void)err;
	return FF_OK;
}

/* --inside takes a file too, which the fuzzer must not open. */
static int select_inside(void *params, const char *name, const char *value,
			 struct ff_err *err)
{
	if (value && value[strspn(value, "0123456789abcdef.:/,")] == '\0')
		return ff_select_set(params, name, value, err);
	return FF_OK;
}

/* The switches, but for those that open files. */
static const struct ff_opt *select_table(void)
{
	static struct ff_opt rows[ROWS_MAX];
	for (size_t i = 0; ff_select_opt_table[i].name; i++) {
		if (i + 1 == ROWS_MAX)
			abort();
		rows[i] = ff_select_opt_table[i];
		if (strstr(rows[i].name, "set"))
			rows[i].set = select_no_file;
		else if (strcmp(rows[i].name, "inside") == 0)
			rows[i].set = select_inside;
	}
	return rows;
}

static void select_flows(struct ff_batch *b)
{
	for (size_t i = 0; i < b->cap; i++) {
		uint64_t h = ff_mix64(i + 1);
		struct ff_flow *f = &b->flows[i];
		*f = (struct ff_flow){.sip = ff_addr_from_v4((uint32_t)h),
				      .dip = ff_addr_from_v4(10 << 24 | (uint32_t)i),
				      .start_ns = (int64_t)(h >> 2),
				      .end_ns = (int64_t)(h >> 2) + FF_SEC,
				      .packets = h % 50,
				      .bytes = h % 5000,
				      .sport = (uint16_t)(h >> 8),
				      .dport = (uint16_t)(i % 1024),
				      .protocol = (uint8_t)(i % 4 ? 6 : 17),
				      .flags = (uint8_t)(h >> 16),
				      .sensor = (uint16_t)(i % 3),
				      .flowtype = (uint8_t)(i % 12)};
		f->present = i % 8 ? FF_ALL_FIELDS : (uint32_t)(h >> 32) & FF_ALL_FIELDS;
		if (i % 5 == 0)
			f->sip.b[0] = 0x20;
	}
	b->count = b->cap;
}

static void select_run(char *const *words, int count)
{
	struct ff_select *select;
	struct ff_strings rest = {0};
	struct ff_select_counts counts = {0};
	struct ff_batch batch = {0};
	struct ff_site *site = NULL;
	struct ff_err err;
	if (ff_select_new(&select, &err))
		abort();
	struct ff_opt_group group = {
		.title = "Selection", .opts = select_table(), .params = select};
	if (ff_opts_parse(&group, 1, count, words, &rest, &err) == FF_OK) {
		if (ff_site_new(&site, &err) || ff_batch_init(&batch, 61, &err))
			abort();
		if (ff_select_finish(select, site, &err) == FF_OK) {
			select_flows(&batch);
			ff_select_apply(select, &batch, &counts, &err);
			if (counts.passed > counts.read || batch.count > 61 ||
			    !ff_select_text(select) || !ff_select_inside_text(select))
				abort();
			ff_select_needs(select);
		}
	}
	ff_batch_release(&batch);
	ff_strings_release(&rest);
	ff_select_free(select);
	ff_site_free(site);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *words[WORDS_MAX], *text = ff_strndup((const char *)data, size);
	int count = 0;
	for (char *p = text; *p && count < WORDS_MAX; count++) {
		words[count] = p;
		p += strcspn(p, "\n");
		if (*p)
			*p++ = '\0';
	}
	select_run(words, count);
	ff_free(text);
	return 0;
}
