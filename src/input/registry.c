/* SPDX-License-Identifier: MIT */
/* registry - the readers, sorted by name, and the options that all of them share. */
#include <flowfig/input.h>

#include <string.h>

/* one line a reader */
/* clang-format off */
static const struct ff_reader_type *const types[] = {
	&ff_reader_argus,
	&ff_reader_csv,
	&ff_reader_eve,
	&ff_reader_ipfix,
	&ff_reader_netflow,
	&ff_reader_nfdump,
	&ff_reader_nfdump_csv,
	&ff_reader_pcap,
	&ff_reader_rwcut,
	&ff_reader_silk,
	&ff_reader_vpc,
	&ff_reader_zeek,
};
/* clang-format on */

const struct ff_reader_type *ff_reader_at(size_t i)
{
	return i < sizeof types / sizeof *types ? types[i] : NULL;
}

const struct ff_reader_type *ff_reader_find(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	return NULL;
}

/* A duration, or seconds, as tools that make flows take them. */
static int registry_timeout(void *params, const char *name, const char *value,
			    struct ff_err *err)
{
	struct ff_input_opts *o = params;
	int64_t *to = strcmp(name, "idle-timeout") == 0 ? &o->idle_ns : &o->active_ns;
	uint64_t seconds;

	if (ff_parse_u64(&seconds, value, strlen(value)) && seconds > 0 &&
	    seconds <= INT64_MAX / FF_SEC) {
		*to = (int64_t)seconds * FF_SEC;
		return FF_OK;
	}
	if (ff_parse_duration(to, value))
		return FF_OK;
	return ff_fail(err, FF_EUSAGE,
		       "bad value '%s' for '--%s': give seconds, or 30s, 5m, 1h", value,
		       name);
}

const struct ff_opt ff_input_opt_table[] = {
	{.name = "input-format",
	 .kind = FF_OPT_STRING,
	 .arg = "NAME",
	 .help = "read the inputs as this format (flowfig list formats) instead of "
		 "finding it "
		 "by content",
	 .offset = offsetof(struct ff_input_opts, format)},
	{.name = "columns",
	 .kind = FF_OPT_STRING,
	 .arg = "LIST",
	 .help = "text: which header is which field (sip=src,dip=dst,stime=ts), or the "
		 "fields "
		 "in order for files without a title line (sip,dip,-,stime)",
	 .offset = offsetof(struct ff_input_opts, columns)},
	{.name = "delimiter",
	 .kind = FF_OPT_STRING,
	 .arg = "CHAR",
	 .help = "text: what stands between columns, one character or tab, space, comma, "
		 "semicolon, pipe; found from the title line when not given",
	 .offset = offsetof(struct ff_input_opts, delimiter)},
	{.name = "scale-sampling",
	 .kind = FF_OPT_FLAG,
	 .help = "multiply packets and bytes of sampled flows by the rate that the input "
		 "tells, where the collector has not done so itself",
	 .offset = offsetof(struct ff_input_opts, scale_sampling)},
	{.name = "bpf",
	 .kind = FF_OPT_STRING,
	 .arg = "EXPR",
	 .help = "packets: only those that pass this filter, in the words of tcpdump "
		 "(pcap-filter)",
	 .offset = offsetof(struct ff_input_opts, bpf)},
	{.name = "idle-timeout",
	 .kind = FF_OPT_CALL,
	 .arg = "TIME",
	 .help = "packets: a flow ends when none came for so long, in seconds or with a "
		 "unit",
	 .def = "60s",
	 .set = registry_timeout},
	{.name = "active-timeout",
	 .kind = FF_OPT_CALL,
	 .arg = "TIME",
	 .help = "packets: a flow that lasts so long is ended and another begins",
	 .def = "1800s",
	 .set = registry_timeout},
	{.name = "max-active",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .help = "packets: flows kept open at once, about 130 bytes each; when there "
		 "are more, those that were idle longest are ended",
	 .def = "1000000",
	 .min = 1,
	 .max = 1e9,
	 .offset = offsetof(struct ff_input_opts, max_active)},
	{.name = NULL},
};
