/* SPDX-License-Identifier: MIT */
/* netbytes - descriptor, options, add and merge; see netbytes.h. */
#include "aggregate/netbytes.h"
#include "aggregate/measure.h"
#include "aggregate/span.h"

#include <string.h>

/* ---- options ---- */

static int netbytes_set_bin(void *params, const char *name, const char *value,
			    struct ff_err *err)
{
	struct netbytes_params *p = params;

	return agg_set_bins(&p->bins, name, value, err);
}

static int netbytes_set_host(void *params, const char *name, const char *value,
			     struct ff_err *err)
{
	struct netbytes_params *p = params;

	if (!ff_parse_prefix(&p->host, value, strlen(value)))
		return ff_fail(err, FF_EUSAGE,
			       "bad value '%s' for '--%s': give an address or a CIDR "
			       "block",
			       value, name);
	p->has_host = true;
	return FF_OK;
}

static int netbytes_set_ports(void *params, const char *name, const char *value,
			      struct ff_err *err)
{
	struct netbytes_params *p = params;
	const char *dash = strchr(value, '-');
	uint64_t lo, hi;
	bool good =
		ff_parse_u64(&lo, value, dash ? (size_t)(dash - value) : strlen(value));

	hi = lo;
	if (good && dash)
		good = ff_parse_u64(&hi, dash + 1, strlen(dash + 1));
	if (!good || lo > hi || hi > UINT16_MAX)
		return ff_fail(err, FF_EUSAGE,
			       "bad value '%s' for '--%s': give a port, or LO-HI up to "
			       "65535",
			       value, name);
	p->first = (uint16_t)lo;
	p->last = (uint16_t)hi;
	return FF_OK;
}

const char *const netbytes_directions[] = {"both", "in", "out", NULL};
const char *const netbytes_port_kinds[] = {"host",  "peer",    "sport",
					   "dport", "service", NULL};
static const char *const measures[] = {"auto", "flows", "packets", "bytes", NULL};

static const struct ff_opt options[] = {
	{.name = "host",
	 .kind = FF_OPT_CALL,
	 .arg = "ADDR|CIDR",
	 .set = netbytes_set_host,
	 .help = "the host, or the network, whose ports are counted; must be given"},
	{.name = "bin",
	 .kind = FF_OPT_CALL,
	 .arg = "WIDTH",
	 .def = "1h",
	 .set = netbytes_set_bin,
	 .help = "width of the time bins: 30s, 5m, 1h, 1d, 7d, 1mo for calendar months, "
		 "or all"},
	{.name = "port",
	 .kind = FF_OPT_CHOICE,
	 .arg = "WHICH",
	 .def = "host",
	 .choices = netbytes_port_kinds,
	 .offset = offsetof(struct netbytes_params, port),
	 .help = "which port counts: host, on the host's own side; peer, on the other; "
		 "sport or dport, of the flow; service, on the side that was opened"},
	{.name = "direction",
	 .kind = FF_OPT_CHOICE,
	 .arg = "WHICH",
	 .def = "both",
	 .choices = netbytes_directions,
	 .offset = offsetof(struct netbytes_params, direction),
	 .help = "in: flows to the host; out: flows from it; both"},
	{.name = "ports",
	 .kind = FF_OPT_CALL,
	 .arg = "LO-HI",
	 .def = "0-65535",
	 .set = netbytes_set_ports,
	 .help = "only these ports"},
	{.name = NULL},
};

static const struct ff_opt how_options[] = {
	{.name = "measure",
	 .kind = FF_OPT_CHOICE,
	 .arg = "WHAT",
	 .def = "auto",
	 .choices = measures,
	 .offset = offsetof(struct netbytes_how, measure),
	 .help = "what a port is weighed by: flows, packets or bytes; auto is bytes "
		 "where the input carries any, else flows"},
	{.name = "top",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .def = "10",
	 .max = 100,
	 .offset = offsetof(struct netbytes_how, top),
	 .help = "how many findings of each kind at most"},
	{.name = NULL},
};

static int netbytes_check(const void *params, struct ff_err *err)
{
	const struct netbytes_params *p = params;

	if (!p->has_host)
		return ff_fail(err, FF_EUSAGE,
			       "which host? give '--host=ADDRESS' or '--host=CIDR'");
	return FF_OK;
}

static uint32_t netbytes_needs(const void *params)
{
	(void)params;
	return FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) |
	       FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) |
	       FF_BIT(FF_STIME) | FF_BIT(FF_FLAGS) | FF_BIT(FF_INITIAL_FLAGS);
}

/* Flows of others count in their bin, and no more. */
static uint32_t netbytes_filter(const void *params, struct ff_filter *filter)
{
	const struct netbytes_params *p = params;
	struct ff_filter_test t = {.sip = p->direction != NETBYTES_IN,
				   .dip = p->direction != NETBYTES_OUT};

	ff_prefix_words(t.net, t.mask, &p->host);
	ff_filter_add(filter, &t);
	return FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME);
}

/* ---- life ---- */

static struct netbytes *netbytes_new(struct netbytes_core *core)
{
	struct netbytes *n = ff_calloc(1, sizeof *n);
	struct netbytes_opened *opened = ff_calloc(NETBYTES_SLOTS, sizeof *opened);

	if (!n || !opened) {
		ff_free(n);
		ff_free(opened);
		return NULL;
	}
	*n = (struct netbytes){.core = core,
			       .opened = opened,
			       .first_ns = INT64_MAX,
			       .last_ns = INT64_MIN};
	return n;
}

int netbytes_create(void **self, const void *params, const struct ff_agg_context *ctx,
		    struct ff_err *err)
{
	struct netbytes_core *core;
	struct netbytes *n;
	int rc = netbytes_check(params, err);

	if (rc)
		return rc;
	if (!(core = ff_calloc(1, sizeof *core)))
		return ff_fail_nomem(err);
	core->params = *(const struct netbytes_params *)params;
	core->room = ctx->memory_bytes / NETBYTES_CELL_BYTES;
	ff_prefix_words(core->host, core->mask, &core->params.host);
	if (!(n = netbytes_new(core))) {
		ff_free(core);
		return ff_fail_nomem(err);
	}
	n->is_owner = true;
	*self = n;
	return FF_OK;
}

static int netbytes_fork(void **handle, void *self, struct ff_err *err)
{
	struct netbytes *n = self, *h = netbytes_new(n->core);

	if (!h)
		return ff_fail_nomem(err);
	*handle = h;
	return FF_OK;
}

void netbytes_destroy(void *self)
{
	struct netbytes *n = self;

	if (!n)
		return;
	netbytes_store_release(&n->store);
	ff_free(n->opened);
	if (n->is_owner)
		ff_free(n->core);
	ff_free(n);
}

/* ---- add ---- */

static int netbytes_put(struct netbytes *n, int64_t bin, uint32_t slot,
			const struct netbytes_sum *sum, struct ff_err *err)
{
	return netbytes_store_add(&n->store, bin, slot, sum, &n->core->held,
				  n->core->room, err);
}

int netbytes_flush(struct netbytes *n, struct ff_err *err)
{
	struct netbytes_sum sum = {.flows = n->pending};

	if (!n->pending)
		return FF_OK;
	n->pending = 0;
	return netbytes_put(n, n->bin, NETBYTES_ALL, &sum, err);
}

/* Turns to the bin of a flow outside the cached one. */
static int netbytes_turn(struct netbytes *n, int64_t ns, struct ff_err *err)
{
	int rc = netbytes_flush(n, err);

	n->bin = agg_bin_find(&n->bin_lo, &n->bin_hi, &n->core->params.bins, ns);
	return rc;
}

static inline bool is_host(const struct netbytes_core *core, const struct ff_addr *a)
{
	uint64_t v[2];

	memcpy(v, a->b, 16);
	return (v[0] & core->mask[0]) == core->host[0] &&
	       (v[1] & core->mask[1]) == core->host[1];
}

/* 1 the sender opened it, -1 the receiver, 0 it cannot be told; see netbytes.h. */
static int flow_opener(const struct ff_flow *f)
{
	const uint8_t both = FF_SYN | FF_ACK;

	if (f->protocol == 6 && f->present & FF_BIT(FF_INITIAL_FLAGS) &&
	    f->initial_flags & FF_SYN)
		return f->initial_flags & FF_ACK ? -1 : 1;
	if (f->protocol == 6 && f->present & FF_BIT(FF_FLAGS) &&
	    (f->flags & both) == FF_SYN)
		return 1;
	if ((f->sport < 1024) != (f->dport < 1024))
		return f->dport < 1024 ? 1 : -1;
	if ((f->sport < 32768) != (f->dport < 32768))
		return f->dport < 32768 ? 1 : -1;
	return 0;
}

/* Whether the port that counts is the sender's. */
static bool is_source_port(const struct ff_flow *f, int port, bool sender, int opener)
{
	switch (port) {
	case NETBYTES_HOST:
		return sender;
	case NETBYTES_PEER:
		return !sender;
	case NETBYTES_SERVICE:
		return opener ? opener < 0 : f->sport < f->dport;
	default:
		return port == NETBYTES_SPORT;
	}
}

/* Counts one end of a flow: that of the sender, or that of the receiver. */
static int netbytes_end(struct netbytes *n, const struct ff_flow *f, bool sender,
			struct ff_err *err)
{
	const uint32_t ports = FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT);
	const struct netbytes_params *p = &n->core->params;
	const struct netbytes_sum sum = {1, f->packets, f->bytes};
	int protocol = netbytes_protocol(f->protocol), opener;
	uint16_t port;
	uint32_t slot;

	n->without_packets += !(f->present & FF_BIT(FF_PACKETS));
	n->without_bytes += !(f->present & FF_BIT(FF_BYTES));
	if (protocol < 0 || (f->present & ports) != ports) {
		netbytes_sum_add(&n->portless, &sum);
		return FF_OK;
	}
	opener = flow_opener(f);
	port = is_source_port(f, p->port, sender, opener) ? f->sport : f->dport;
	if (port < p->first || port > p->last) {
		netbytes_sum_add(&n->outside, &sum);
		return FF_OK;
	}
	slot = (uint32_t)protocol * NETBYTES_PORTS + port;
	if (opener)
		++*((opener > 0) == sender ? &n->opened[slot].by_host
					   : &n->opened[slot].by_peer);
	return netbytes_put(n, n->bin, slot, &sum, err);
}

static int netbytes_add(void *self, const struct ff_batch *flows, struct ff_err *err)
{
	struct netbytes *n = self;
	const struct netbytes_core *core = n->core;
	bool out = core->params.direction != NETBYTES_IN;
	bool in = core->params.direction != NETBYTES_OUT;
	int rc = FF_OK;

	for (size_t i = 0; i < flows->count && rc == FF_OK; i++) {
		const struct ff_flow *f = &flows->flows[i];
		bool from = out && is_host(core, &f->sip);
		bool to = in && is_host(core, &f->dip);

		if (f->start_ns < n->first_ns)
			n->first_ns = f->start_ns;
		if (f->start_ns > n->last_ns)
			n->last_ns = f->start_ns;
		if (f->start_ns < n->bin_lo || f->start_ns >= n->bin_hi)
			rc = netbytes_turn(n, f->start_ns, err);
		n->pending++;
		n->elsewhere += !from && !to;
		if (from && rc == FF_OK)
			rc = netbytes_end(n, f, true, err);
		if (to && rc == FF_OK)
			rc = netbytes_end(n, f, false, err);
	}
	n->flows += flows->count;
	return rc ? rc : agg_check_span(&core->params.bins, n->first_ns, n->last_ns, err);
}

/* ---- merge ---- */

static int check_params(const struct netbytes_params *a, const struct netbytes_params *b,
			struct ff_err *err)
{
	char x[FF_ADDR_TEXT], y[FF_ADDR_TEXT];

	if (a->bins.kind != b->bins.kind || a->bins.width_ns != b->bins.width_ns)
		return ff_fail(err, FF_EFORMAT,
			       "the states have different bins: %s and %s",
			       ff_bins_format(x, sizeof x, &a->bins),
			       ff_bins_format(y, sizeof y, &b->bins));
	if (a->host.bits != b->host.bits || ff_addr_cmp(&a->host.addr, &b->host.addr))
		return ff_fail(err, FF_EFORMAT,
			       "the states have different hosts: %s and %s",
			       ff_format_prefix(x, sizeof x, &a->host),
			       ff_format_prefix(y, sizeof y, &b->host));
	if (a->port != b->port)
		return ff_fail(
			err, FF_EFORMAT, "the states count different ports: %s and %s",
			netbytes_port_kinds[a->port], netbytes_port_kinds[b->port]);
	if (a->direction != b->direction)
		return ff_fail(err, FF_EFORMAT,
			       "the states have different directions: %s and %s",
			       netbytes_directions[a->direction],
			       netbytes_directions[b->direction]);
	if (a->first != b->first || a->last != b->last)
		return ff_fail(
			err, FF_EFORMAT,
			"the states have different ranges of ports: %d-%d and %d-%d",
			a->first, a->last, b->first, b->last);
	return FF_OK;
}

/* Takes the cells over; those of a handle of the same aggregate were counted as held. */
static int merge_store(struct netbytes *n, struct netbytes *o, struct ff_err *err)
{
	struct netbytes_store *s = &o->store;
	int rc = FF_OK;

	atomic_fetch_sub(&o->core->held, s->used);
	for (size_t i = 0; i < s->cap && rc == FF_OK; i++)
		if (s->cells[i].sum.flows)
			rc = netbytes_put(n, s->cells[i].bin, s->cells[i].slot,
					  &s->cells[i].sum, err);
	netbytes_store_release(s);
	return rc;
}

static int netbytes_merge(void *self, void *other, struct ff_err *err)
{
	struct netbytes *n = self, *o = other;
	int rc = check_params(&n->core->params, &o->core->params, err);

	if (rc || (rc = netbytes_flush(n, err)) || (rc = netbytes_flush(o, err)) ||
	    (rc = merge_store(n, o, err)))
		return rc;
	for (size_t i = 0; i < NETBYTES_SLOTS; i++) {
		n->opened[i].by_host += o->opened[i].by_host;
		n->opened[i].by_peer += o->opened[i].by_peer;
	}
	memset(o->opened, 0, NETBYTES_SLOTS * sizeof *o->opened);
	netbytes_sum_add(&n->portless, &o->portless);
	netbytes_sum_add(&n->outside, &o->outside);
	n->flows += o->flows;
	n->elsewhere += o->elsewhere;
	n->without_packets += o->without_packets;
	n->without_bytes += o->without_bytes;
	n->first_ns = o->first_ns < n->first_ns ? o->first_ns : n->first_ns;
	n->last_ns = o->last_ns > n->last_ns ? o->last_ns : n->last_ns;
	o->portless = o->outside = (struct netbytes_sum){0};
	o->flows = o->elsewhere = o->without_packets = o->without_bytes = 0;
	o->first_ns = INT64_MAX;
	o->last_ns = INT64_MIN;
	return agg_check_span(&n->core->params.bins, n->first_ns, n->last_ns, err);
}

const struct ff_agg_type ff_agg_netbytes = {
	.name = "netbytes",
	.summary = "what a host's ports carry, and when",
	.opts = options,
	.params_size = sizeof(struct netbytes_params),
	.how_opts = how_options,
	.how_size = sizeof(struct netbytes_how),
	.check = netbytes_check,
	.empty = "none has the host at an end; check '--host' and the selection",
	.state_version = 2,
	.needs = netbytes_needs,
	.filter = netbytes_filter,
	.create = netbytes_create,
	.fork = netbytes_fork,
	.add = netbytes_add,
	.merge = netbytes_merge,
	.save = netbytes_save,
	.load = netbytes_load,
	.finish = netbytes_finish,
	.destroy = netbytes_destroy,
};
