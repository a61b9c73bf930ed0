/* SPDX-License-Identifier: MIT */
/* provenance - where a figure came from, as JSON that goes into its metadata: the
 * command, the version, the inputs with counts and digests, the selection. No clock
 * reading, so that the same run gives the same bytes. */
#include "cli/read.h"

#include <inttypes.h>

enum { INPUTS_SPELT_OUT = 200 };

static void add_inputs(struct ff_buf *b, const struct ff_agg_origin *o)
{
	ff_buf_addf(b, ",\"inputs\":%zu,\"files\":[", o->count);
	for (size_t i = 0; i < o->count && i < INPUTS_SPELT_OUT; i++) {
		const struct ff_agg_source *s = &o->sources[i];
		ff_buf_adds(b, i ? ",{\"name\":" : "{\"name\":");
		ff_json_string(b, s->name);
		ff_buf_adds(b, ",\"format\":");
		ff_json_string(b, s->format);
		ff_buf_addf(b, ",\"records\":%" PRIu64 ",\"damaged\":%" PRIu64,
			    s->records, s->bad);
		if (s->digest)
			ff_buf_addf(b, ",\"digest\":\"xxh3-tree:%016" PRIx64 "\"",
				    s->digest);
		ff_buf_addc(b, '}');
	}
	ff_buf_addc(b, ']');
}

int ff_cli_provenance(char **out, const struct ff_cli *cli, const struct ff_agg_origin *o,
		      struct ff_err *err)
{
	struct ff_buf b = FF_BUF_INIT;
	ff_buf_adds(&b, "{\"flowfig\":\"" FF_VERSION "\",\"command\":");
	ff_json_string(&b, cli->command_line);
	ff_buf_adds(&b, ",\"inside\":");
	ff_json_string(&b, o->inside ? o->inside : "");
	ff_buf_adds(&b, ",\"selection\":");
	ff_json_string(&b, o->selection ? o->selection : "");
	if (o->geo_digest) {
		ff_buf_adds(&b, ",\"geo\":");
		ff_json_string(&b, o->geo);
	}
	ff_buf_addf(&b, ",\"flows_read\":%" PRIu64 ",\"flows_selected\":%" PRIu64,
		    o->read, o->passed);
	for (int i = FF_ORIENT_IN; i < FF_ORIENTS; i++)
		ff_buf_addf(&b, ",\"%s\":%" PRIu64, ff_orient_names[i], o->orient[i]);
	add_inputs(&b, o);
	ff_buf_addc(&b, '}');
	*out = b.failed ? NULL : ff_strdup(ff_buf_str(&b));
	ff_buf_release(&b);
	return *out ? FF_OK : ff_fail_nomem(err);
}
