/* SPDX-License-Identifier: MIT */
/* The netbytes figure: what did this host's ports carry, and when? Its options, and what
 * the four views share. */
#include "figure/netbytes.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const char *const netbytes_views[] = {"3d", "time", "port", "sheet", NULL};

static const struct ff_opt netbytes_opts[] = {
	{.name = "view",
	 .kind = FF_OPT_CHOICE,
	 .arg = "VIEW",
	 .help = "what to draw: impulses over time and ports, one port over time, all "
		 "ports of one time, or a heat map of the top ports by time",
	 .offset = offsetof(struct ff_netbytes_params, view),
	 .def = "3d",
	 .choices = netbytes_views},
	{.name = "log",
	 .kind = FF_OPT_FLAG,
	 .help = "heights on a log axis instead of a linear one",
	 .offset = offsetof(struct ff_netbytes_params, is_log)},
	{.name = "linear",
	 .kind = FF_OPT_FLAG,
	 .help = "heights on a linear axis, also in the port view, which else takes a "
		 "log one where a linear one would show only the largest ports",
	 .offset = offsetof(struct ff_netbytes_params, is_linear)},
	{.name = "at-port",
	 .kind = FF_OPT_STRING,
	 .arg = "PORTS",
	 .help = "ports such as 3306/tcp or 443,137/udp (at most 6): what the time view "
		 "shows (default: the port that carries most), and lanes of their own in "
		 "the others",
	 .offset = offsetof(struct ff_netbytes_params, at_port)},
	{.name = "at-time",
	 .kind = FF_OPT_TIME,
	 .arg = "TIME",
	 .help = "the bin that the port view shows (default: the whole time)",
	 .offset = offsetof(struct ff_netbytes_params, at_time)},
	{.name = "azimuth",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "DEGREES",
	 .help = "how far the depth of the 3d view leans to the right (0 = as fits)",
	 .offset = offsetof(struct ff_netbytes_params, azimuth),
	 .def = "0",
	 .min = 0,
	 .max = 60},
	{.name = "elevation",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "DEGREES",
	 .help = "how steeply the 3d view is seen from above (0 = as fits)",
	 .offset = offsetof(struct ff_netbytes_params, elevation),
	 .def = "0",
	 .min = 0,
	 .max = 80},
	{.name = NULL},
};

int ff_netbytes_frame(struct ff_netbytes *n, const struct ff_netbytes_lanes *lanes,
		      const char *reduction, struct ff_err *err)
{
	struct ff_frame_texts own = {0};

	ff_netbytes_title(&own.title, n, lanes);
	ff_netbytes_subtitle(&own.subtitle, n, reduction);
	ff_netbytes_counts(&own.counts, &n->data);
	return ff_frame_say(&n->frame, &n->theme, &n->labels, n->opts, &own, err);
}

int ff_netbytes_lanes(struct ff_netbytes_lanes *l, const struct ff_netbytes *n,
		      size_t most, struct ff_err *err)
{
	const struct ff_netbytes_room room = {most, n->shows_small};

	return ff_netbytes_lanes_init(l, &n->data, &room, &n->pins, err);
}

int ff_netbytes_edges(struct ff_edges *e, const struct ff_netbytes_data *d, size_t most,
		      struct ff_err *err)
{
	const struct ff_edges_span span = {.t0 = d->t0, .t1 = d->t1, .bin_ns = d->bin_ns};

	return ff_edges_init(e, &span, most, FF_EDGES_WHOLE, err);
}

struct ff_color ff_netbytes_color(const struct ff_theme *t, enum ff_netbytes_opener o)
{
	static const unsigned colors[] = {FF_BLUE, FF_VERMILLION, FF_GREEN};

	return ff_category(t, colors[o]);
}

struct ff_color ff_netbytes_odd_color(const struct ff_theme *t)
{
	return ff_mix(t->ink, t->background, .08);
}

struct ff_color ff_netbytes_word_color(const struct ff_theme *t, struct ff_color c)
{
	while (ff_contrast(c, t->background) < 5.5)
		c = ff_mix(c, t->ink, .1);
	return c;
}

/* ---- --at-port and --at-time ---- */

/* "3306/tcp", "53": without a protocol the one that carries more. */
static int netbytes_pin(struct ff_netbytes *n, const char *word, size_t len,
			struct ff_err *err)
{
	static const struct {
		const char *name;
		unsigned number;
	} protocols[] = {
		{"tcp", 6}, {"udp", 17}, {"dccp", 33}, {"sctp", 132}, {"udplite", 136}};
	const char *slash = memchr(word, '/', len);
	size_t digits = slash ? (size_t)(slash - word) : len, best = n->data.nports;
	uint64_t number, protocol = 0;

	if (!ff_parse_u64(&number, word, digits) || number > UINT16_MAX)
		return ff_fail(err, FF_EUSAGE,
			       "'%.*s' is no port: a number such as 3306/tcp or 53",
			       (int)len, word);
	for (size_t i = 0; slash && i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (strlen(protocols[i].name) == len - digits - 1 &&
		    strncmp(slash + 1, protocols[i].name, len - digits - 1) == 0)
			protocol = protocols[i].number;
	if (slash && protocol == 0 &&
	    (!ff_parse_u64(&protocol, slash + 1, len - digits - 1) || protocol == 0 ||
	     protocol > UINT8_MAX))
		return ff_fail(err, FF_EUSAGE,
			       "'%.*s' names no protocol such as tcp, udp", (int)len,
			       word);
	for (size_t i = 0; i < n->data.nports; i++) {
		const struct ff_netbytes_port *p = &n->data.ports[i];

		if (p->number == number && (protocol == 0 || p->protocol == protocol) &&
		    (best == n->data.nports || p->value > n->data.ports[best].value))
			best = i;
	}
	if (best == n->data.nports)
		return ff_fail(err, FF_EUSAGE, "no flow has port '%.*s'", (int)len, word);
	for (size_t i = 0; i < n->pins.count; i++)
		if (n->pins.ports[i] == best)
			return FF_OK;
	if (n->pins.count == FF_NETBYTES_PINS)
		return ff_fail(err, FF_EUSAGE, "more than %d ports to show",
			       FF_NETBYTES_PINS);
	n->pins.ports[n->pins.count++] = best;
	return FF_OK;
}

static int netbytes_pins(struct ff_netbytes *n, struct ff_err *err)
{
	const char *text = n->params->at_port ? n->params->at_port : "";
	int rc = FF_OK;

	while (rc == FF_OK && *text) {
		size_t len = strcspn(text, ", ");

		if (len > 0)
			rc = netbytes_pin(n, text, len, err);
		text += len;
		text += *text != '\0';
	}
	return rc;
}

static int netbytes_at_time(struct ff_netbytes *n, struct ff_err *err)
{
	const struct ff_netbytes_data *d = &n->data;
	int64_t at = n->params->at_time;
	char a[40], z[40];

	n->at_from = n->at_to = INT64_MIN;
	if (at == INT64_MIN)
		return FF_OK;
	if (at < d->t0 || at >= d->t1)
		return ff_fail(err, FF_EUSAGE, "the time is not within %s to %s",
			       ff_format_time(a, sizeof(a), d->t0),
			       ff_format_time(z, sizeof(z), d->t1));
	if (d->bin_ns == 0) {
		n->at_from = d->t0;
		n->at_to = d->t1;
	} else if (d->bin_ns > 0) {
		int64_t into =
			(int64_t)(((uint64_t)at - (uint64_t)d->t0) % (uint64_t)d->bin_ns);

		n->at_from = at - into;
	} else {
		struct ff_date date;

		ff_date_from_time(&date, at);
		date.day = 1;
		date.hour = date.minute = date.second = date.nanosecond = 0;
		n->at_from = ff_time_from_date(&date);
	}
	if (d->bin_ns != 0)
		n->at_to = ff_netbytes_bin_end(d, n->at_from);
	return FF_OK;
}

/* ---- the figure ---- */

static bool netbytes_shows_small(const struct ff_netbytes_params *p)
{
	return p->view == FF_NETBYTES_SHEET || (p->view == FF_NETBYTES_3D && p->is_log);
}

/* How many lanes the ports will have, about: the table of ports tells enough, and is read
 * for every drawing. */
static size_t netbytes_lanes_about(const struct ff_result *r, bool shows_small)
{
	const struct ff_table *t = ff_result_table(r, "ports");
	const char *measure = ff_result_text(r, "measure");
	const struct ff_column *c =
		t ? ff_table_column(t, measure[0] ? measure : "bytes") : NULL;
	size_t count = 0, least = shows_small ? 8 : 3;
	double sum = 0;

	if (!c || c->kind != FF_COL_U64)
		return FF_NETBYTES_LANES;
	if (t->rows <= FF_NETBYTES_LANES && shows_small)
		return t->rows;
	for (size_t i = 0; i < t->rows; i++)
		sum += (double)c->v.u64[i];
	for (size_t i = 0; i < t->rows; i++)
		count += (double)c->v.u64[i] >= FF_NETBYTES_SHARE * sum;
	return count < least		   ? least
	       : count < FF_NETBYTES_LANES ? count
					   : FF_NETBYTES_LANES;
}

/* Wide enough for the words, and high enough for the lanes. */
static double netbytes_fit(const struct ff_result *r, const struct ff_figure_opts *opts,
			   const void *params)
{
	const struct ff_netbytes_params *p = params;
	bool is_column = opts->size && strcmp(opts->size, "column") == 0;
	/* title, subtitle and footer */
	double width = (is_column ? 3.5 : 7.06) * 72, frame = is_column ? 100 : 66;
	double least = (is_column ? 3.3 : 4.2) * 72, most = (is_column ? 4.9 : 4.8) * 72;
	struct ff_netbytes_lanes lanes = {
		.nlanes = netbytes_lanes_about(r, netbytes_shows_small(p)), .nbands = 3};

	if (p->view != FF_NETBYTES_3D && p->view != FF_NETBYTES_SHEET)
		return width / (is_column ? 3.1 * 72 : 3.8 * 72);
	return width / fmin(fmax(frame + ff_net3d_fit(&lanes, 8), least), most);
}

/* Everything that needs no canvas. */
static int netbytes_prepare(struct ff_netbytes *n, const struct ff_result *r,
			    const struct ff_figure_opts *opts, const void *params,
			    const struct ff_theme *theme, struct ff_err *err)
{
	int rc;

	*n = (struct ff_netbytes){.opts = opts, .params = params, .theme = *theme};
	if (n->params->is_log && n->params->is_linear)
		return ff_fail(err, FF_EUSAGE,
			       "'--log' and '--linear' exclude each other");
	rc = ff_parse_tz(&n->tz_ns, opts->tz, err);
	if (rc == FF_OK)
		rc = ff_netbytes_data_init(&n->data, r, err);
	if (rc < 0)
		return rc;
	n->px = 72 / n->theme.dpi;
	n->shows_small = netbytes_shows_small(params);
	rc = netbytes_pins(n, err);
	if (rc == FF_OK)
		rc = netbytes_at_time(n, err);
	if (rc < 0)
		ff_netbytes_data_release(&n->data);
	return rc;
}

static int netbytes_draw(struct ff_canvas *cv, const struct ff_result *r,
			 const struct ff_figure_opts *opts, const void *params,
			 const struct ff_theme *theme, struct ff_layout_report *report,
			 struct ff_err *err)
{
	static int (*const views[])(struct ff_netbytes *, struct ff_err *) = {
		ff_netbytes_3d_draw,
		ff_netbytes_time_draw,
		ff_netbytes_port_draw,
		ff_netbytes_sheet_draw,
	};
	struct ff_netbytes n;
	int rc = netbytes_prepare(&n, r, opts, params, theme, err);

	if (rc < 0)
		return rc;
	n.cv = cv;
	ff_labels_init(&n.labels, cv, &n.theme);
	rc = views[n.params->view](&n, err);
	if (rc == FF_OK)
		rc = ff_frame_end(&n.frame, &n.theme, &n.labels, report, err);
	ff_labels_release(&n.labels);
	ff_netbytes_data_release(&n.data);
	return rc;
}

static int netbytes_describe(struct ff_buf *title, struct ff_buf *description,
			     const struct ff_result *r, const struct ff_figure_opts *opts,
			     const void *params, const struct ff_theme *theme,
			     struct ff_err *err)
{
	struct ff_netbytes_lanes lanes;
	struct ff_netbytes n;
	int rc = netbytes_prepare(&n, r, opts, params, theme, err);

	if (rc < 0)
		return rc;
	rc = ff_netbytes_lanes(&lanes, &n, FF_NETBYTES_LANES, err);
	if (rc == FF_OK) {
		ff_netbytes_title(title, &n, &lanes);
		ff_netbytes_alt(description, &n, &lanes);
	}
	ff_netbytes_lanes_release(&lanes);
	ff_netbytes_data_release(&n.data);
	return rc;
}

const struct ff_figure_type ff_figure_netbytes = {
	.name = "netbytes",
	.summary = "what the ports of a host carry, over time",
	.aggregate = "netbytes",
	.opts = netbytes_opts,
	.params_size = sizeof(struct ff_netbytes_params),
	.aspect = 7.06 / 4.6,
	.fit = netbytes_fit,
	.draw = netbytes_draw,
	.describe = netbytes_describe,
};
