/* SPDX-License-Identifier: MIT */
/* cmd_info - `flowfig info FILE...`: what a flow file, a folder of them, a state, an IP
 * set, a database of countries or a figure holds, from its beginning. */
#include "cli/read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct info_opts {
	bool count;
};
static const struct ff_opt options[] = {
	{.name = "count",
	 .kind = FF_OPT_FLAG,
	 .offset = offsetof(struct info_opts, count),
	 .help = "decode every record and count them"},
	{.name = NULL},
};

static const struct ff_opt *info_options(size_t i, const char **title)
{
	const struct {
		const char *title;
		const struct ff_opt *opts;
	} tables[] = {
		{"Options", options},
		{"Selection (with --count)", ff_select_opt_table},
		{"Input", ff_input_opt_table},
		{"Running", ff_cli_read_options},
	};
	if (i >= sizeof tables / sizeof *tables)
		return NULL;
	*title = tables[i].title;
	return tables[i].opts;
}

enum info_kind { INFO_FLOWS, INFO_STATE, INFO_FIGURE, INFO_IPSET, INFO_GEO };

static enum info_kind kind_of(const struct ff_stream *s, const uint8_t *p, size_t n)
{
	if (ff_state_is(p, n))
		return INFO_STATE;
	if ((n >= 8 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0) ||
	    (n >= 5 && memcmp(p, "%PDF-", 5) == 0) ||
	    (n >= 5 && memcmp(p, "<?xml", 5) == 0) ||
	    (n >= 4 && memcmp(p, "<svg", 4) == 0))
		return INFO_FIGURE;
	if (n >= 6 && memcmp(p, FF_SILK_MAGIC, 4) == 0 && p[5] == 0x1d)
		return INFO_IPSET;
	if (ff_geo_is(s, p, n))
		return INFO_GEO;
	return INFO_FLOWS;
}

/* Figures are small; what is larger is none of ours. */
#define FIGURE_MAX (UINT64_C(256) << 20)

static int info_figure(struct ff_buf *out, struct ff_stream *s, struct ff_err *err)
{
	struct ff_buf data = FF_BUF_INIT;
	struct ff_err why = {0};
	ptrdiff_t n = 1;
	int rc = FF_OK;
	while (n > 0 && rc == FF_OK && data.len <= FIGURE_MAX)
		if ((rc = ff_buf_reserve(&data, 1 << 20)) == FF_OK &&
		    (n = ff_stream_read(s, data.data + data.len, 1 << 20, err)) > 0)
			data.len += (size_t)n;
	if (rc)
		rc = ff_fail_nomem(err);
	else if (n < 0)
		rc = (int)n;
	else if (data.len > FIGURE_MAX)
		rc = ff_fail(err, FF_ELIMIT, "'%s' is too large for a figure",
			     ff_stream_name(s));
	else if ((rc = ff_canvas_read_metadata(out, data.data, data.len, &why)))
		ff_fail(err, rc, "cannot describe '%s': %s", ff_stream_name(s), why.text);
	ff_buf_release(&data);
	return rc;
}

static int info_ipset(struct ff_buf *out, const char *path, struct ff_err *err)
{
	struct ff_ipset *set;
	struct ff_prefix *p;
	size_t n;
	int rc = ff_ipset_load(&set, path, err);
	if (rc)
		return rc;
	if ((rc = ff_ipset_prefixes(&p, &n, set, err)) == FF_OK) {
		ff_buf_addf(out, "format: IP set\naddresses: %.17g\nprefixes: %zu\n",
			    ff_ipset_size(set), n);
		ff_free(p);
	}
	ff_ipset_free(set);
	return rc;
}

/* When the first flow began: the rest need not be read for that. Damage there is part of
 * what the file is. */
static int info_first(struct ff_buf *out, struct ff_source *s, struct ff_err *err)
{
	struct ff_lane lane = {0};
	struct ff_batch batch = {0};
	struct ff_err why = {0};
	char text[48];
	int rc = ff_batch_init(&batch, 2, err);
	if (rc == FF_OK)
		rc = ff_source_next(s, &lane, &batch, &why);
	if (rc > 0 && (batch.flows[0].present & FF_BIT(FF_STIME)))
		ff_buf_addf(out, "first record: %s\n",
			    ff_format_time(text, sizeof text, batch.flows[0].start_ns));
	if (rc == FF_EFORMAT)
		ff_buf_addf(out, "first record: none: %s\n", why.text);
	else if (rc < 0 && why.status)
		ff_fail(err, (enum ff_status)rc, "%s", why.text);
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	return rc < 0 && rc != FF_EFORMAT ? rc : FF_OK;
}

static int info_geo(struct ff_buf *out, const char *path, struct ff_err *err)
{
	struct ff_geo *g;
	int rc = ff_geo_new(&g, err);
	if (rc)
		return rc;
	if ((rc = ff_geo_add(g, path, err)) == FF_OK) {
		unsigned has = ff_geo_has(g);
		ff_buf_addf(out, "format: database of %s%s%s\ndetail: %s\n",
			    has & FF_GEO_COUNTRY ? "countries" : "",
			    has == (FF_GEO_COUNTRY | FF_GEO_ASN) ? " and " : "",
			    has & FF_GEO_ASN ? "autonomous systems" : "", ff_geo_text(g));
	}
	ff_geo_free(g);
	return rc;
}

static int info_flows(struct ff_buf *out, struct ff_stream *stream,
		      const struct ff_input_opts *opts, struct ff_err *err)
{
	struct ff_source *s;
	struct ff_input_info info = {0};
	char n[32];
	int rc = ff_source_open_stream(&s, stream, opts, err);
	if (rc)
		return rc;
	if ((rc = ff_source_describe(s, &info, err)) == FF_OK) {
		ff_buf_addf(out, "format: %s\n", info.format);
		if (info.detail[0])
			ff_buf_addf(out, "detail: %s\n", info.detail);
		if (info.records)
			ff_buf_addf(out, "records: %s\n",
				    ff_format_thousands(n, sizeof n, info.records));
		ff_buf_adds(out, "fields:");
		for (int i = 0; i < FF_FIELDS; i++)
			if (info.carries & FF_BIT(i))
				ff_buf_addf(out, " %s", ff_field_infos[i].name);
		ff_buf_addc(out, '\n');
		ff_buf_adds(out, ff_buf_str(&info.more));
		if (ff_source_is_quick(s))
			rc = info_first(out, s, err);
	}
	ff_buf_release(&info.more);
	ff_source_close(s);
	return rc;
}

/* ---- folders ---- */

struct info_folder {
	struct {
		const char *format;
		uint64_t files, records;
		bool counted; /* records is known of every file */
	} formats[64];
	size_t nformats;
	uint64_t bytes, damaged;
	struct ff_err first_damaged;
};

static int info_folder_file(struct info_folder *f, const char *path,
			    const struct ff_input_opts *opts, struct ff_err *err)
{
	struct ff_source *s;
	struct ff_input_info info = {0};
	size_t i = 0;
	struct ff_err why = {0};
	int rc = ff_source_open(&s, path, opts, &why);
	if (rc == FF_EFORMAT) {
		if (f->damaged++ == 0)
			f->first_damaged = why;
		return FF_OK;
	}
	if (rc)
		return ff_fail(err, (enum ff_status)rc, "%s", why.text);
	rc = ff_source_describe(s, &info, err);
	for (; rc == FF_OK && i < f->nformats; i++)
		if (strcmp(f->formats[i].format, info.format) == 0)
			break;
	if (rc == FF_OK && i < sizeof f->formats / sizeof *f->formats) {
		if (i == f->nformats) {
			f->formats[f->nformats].format = info.format;
			f->formats[f->nformats++].counted = true;
		}
		f->formats[i].files++;
		f->formats[i].records += info.records;
		f->formats[i].counted &= info.records > 0;
		f->bytes += ff_source_bytes_total(s);
	}
	ff_buf_release(&info.more);
	ff_source_close(s);
	return rc;
}

/* Which formats its files have, from what their own beginnings tell. */
static int info_folder(struct ff_buf *out, const char *path,
		       const struct ff_input_opts *opts, struct ff_err *err)
{
	struct info_folder f = {.bytes = 0};
	struct ff_paths files = {0};
	size_t skipped = 0;
	char n[32];
	int rc = ff_paths_expand(&files, &path, 1, opts, &skipped, err);
	for (size_t i = 0; rc == FF_OK && i < files.count; i++)
		rc = info_folder_file(&f, files.items[i], opts, err);
	if (rc == FF_OK) {
		ff_buf_addf(out, "folder: %s\nflow files: %s\n", path,
			    ff_format_thousands(n, sizeof n, files.count));
		for (size_t i = 0; i < f.nformats; i++) {
			ff_buf_addf(out, "format: %s, %s file%s", f.formats[i].format,
				    ff_format_thousands(n, sizeof n, f.formats[i].files),
				    f.formats[i].files == 1 ? "" : "s");
			if (f.formats[i].counted)
				ff_buf_addf(out, ", %s records",
					    ff_format_thousands(n, sizeof n,
								f.formats[i].records));
			ff_buf_addc(out, '\n');
		}
		if (f.damaged)
			ff_buf_addf(out, "damaged: %s files, the first: %s\n",
				    ff_format_thousands(n, sizeof n, f.damaged),
				    f.first_damaged.text);
		ff_buf_addf(out, "size: %s bytes\n",
			    ff_format_thousands(n, sizeof n, f.bytes));
		ff_buf_addf(out, "other files: %s\nfirst file: %s\nlast file: %s\n",
			    ff_format_thousands(n, sizeof n, skipped), files.items[0],
			    files.items[files.count - 1]);
	}
	ff_paths_release(&files);
	return rc;
}

/* ---- any file ---- */

static int info_file(struct ff_buf *out, const char *path,
		     const struct ff_input_opts *opts, struct ff_err *err)
{
	struct ff_stream *s;
	const uint8_t *head;
	struct stat st;
	char size[32];
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return info_folder(out, path, opts, err);
	int rc = ff_stream_open(&s, path, err);
	if (rc)
		return rc;
	ptrdiff_t n = ff_stream_peek(s, &head, 64, err);
	if (n < 0) {
		ff_stream_close(s);
		return (int)n;
	}
	ff_buf_addf(out, "file: %s\n", path);
	if (strcmp(ff_stream_codec(s), "none") != 0)
		ff_buf_addf(out, "compressed: %s\n", ff_stream_codec(s));
	if (ff_stream_raw_size(s))
		ff_buf_addf(
			out, "size: %s bytes\n",
			ff_format_thousands(size, sizeof size, ff_stream_raw_size(s)));
	enum info_kind kind = kind_of(s, head, (size_t)n);
	if (kind == INFO_FLOWS)
		return info_flows(out, s, opts, err); /* takes over the stream */
	if (kind == INFO_FIGURE)
		rc = info_figure(out, s, err);
	ff_stream_close(s);
	if (kind == INFO_STATE)
		rc = ff_state_describe(out, path, err);
	if (kind == INFO_IPSET)
		rc = info_ipset(out, path, err);
	if (kind == INFO_GEO)
		rc = info_geo(out, path, err);
	return rc;
}

static int info_count(struct ff_cli *cli, struct ff_cli_read *r, int *status,
		      struct ff_err *err)
{
	struct ff_run_report report;
	struct ff_cli_progress progress;
	r->run.progress = ff_cli_progress_start(&progress, cli);
	int rc = ff_run_flows(&report, &r->run, NULL, NULL, err);
	ff_cli_progress_end(&progress);
	if (rc == FF_OK) {
		printf("records: %" PRIu64 "\n", report.origin.read);
		if (report.other)
			printf("no flows: %" PRIu64 "\n", report.other);
		if (r->select_given)
			printf("selected: %" PRIu64 "\n", report.origin.passed);
		*status = ff_cli_read_status(cli, &report);
	}
	ff_run_report_release(&report);
	return rc;
}

static int info_each(struct ff_cli *cli, const struct ff_cli_read *r, struct ff_err *err)
{
	int status = FF_EXIT_OK;
	for (size_t i = 0; i < r->words.count; i++) {
		struct ff_buf out = FF_BUF_INIT;
		int rc = info_file(&out, r->words.items[i], &r->input, err);
		if (rc == FF_OK && out.failed)
			rc = ff_fail_nomem(err);
		if (rc == FF_OK)
			printf("%s%s", i ? "\n" : "", ff_buf_str(&out));
		else
			status = ff_cli_fail(cli,
					     err); /* the other files are still told */
		ff_buf_release(&out);
	}
	return status;
}

static int info_run(struct ff_cli *cli, int argc, char **argv)
{
	struct info_opts opts = {false};
	struct ff_cli_read read = {0};
	struct ff_opt_group groups[8];
	struct ff_err err = {0};
	size_t n = 0;
	int status = FF_EXIT_OK;
	groups[n++] = (struct ff_opt_group){
		.title = "Options", .opts = options, .params = &opts};
	int rc = ff_cli_read_init(&read, groups, &n, &err);
	if (rc == FF_OK)
		rc = ff_opts_parse(groups, n, argc, argv, &read.words, &err);
	if (rc == FF_OK && !read.words.count)
		rc = ff_fail(&err, FF_EUSAGE, "no input: name the files to describe");
	if (rc == FF_OK && opts.count) {
		if ((rc = ff_cli_read_prepare(cli, &read, &err)) == FF_OK)
			rc = info_count(cli, &read, &status, &err);
	} else if (rc == FF_OK) {
		if ((rc = ff_site_new(&read.site, &err)) == FF_OK) {
			read.input.site = read.site;
			status = info_each(cli, &read, &err);
		}
	}
	if (rc)
		status = ff_cli_fail(cli, &err);
	ff_cli_read_release(&read);
	return status;
}

const struct ff_command ff_command_info = {
	.name = "info",
	.summary = "what a flow file, folder, state, IP set, country database or figure "
		   "holds",
	.usage = "flowfig info [--count] FILE...",
	.options = info_options,
	.run = info_run,
};
