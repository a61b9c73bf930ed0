/* SPDX-License-Identifier: MIT */
/* ephemeral - descriptor, options, add and merge; see ephemeral.h. */
#include "aggregate/ephemeral.h"
#include "aggregate/span.h"

#include <string.h>

static int ephemeral_set_host(void *params, const char *name, const char *value,
			      struct ff_err *err)
{
	struct ephemeral_params *p = params;
	if (!ff_parse_prefix(&p->host, value, strlen(value)))
		return ff_fail(err, FF_EUSAGE,
			       "bad value '%s' for '--%s': give an address or a CIDR",
			       value, name);
	p->has_host = true;
	return FF_OK;
}

static const char *const initiators[] = {"syn", "any", NULL};

static const struct ff_opt options[] = {
	{.name = "host",
	 .kind = FF_OPT_CALL,
	 .arg = "ADDR|CIDR",
	 .set = ephemeral_set_host,
	 .help = "the host whose source ports are looked at, or the network whose "
		 "busiest hosts are compared; must be given"},
	{.name = "initiator",
	 .kind = FF_OPT_CHOICE,
	 .arg = "TEST",
	 .def = "syn",
	 .choices = initiators,
	 .offset = offsetof(struct ephemeral_params, initiator),
	 .help = "which flows the host initiated. syn: TCP that begins with its SYN; "
		 "UDP, and TCP without flags, from a port of at least 1024 to a lower "
		 "one; any: all TCP and UDP"},
	{.name = NULL},
};

static const struct ff_opt how_options[] = {
	{.name = "top",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .def = "6",
	 .min = 1,
	 .max = 100,
	 .offset = offsetof(struct ephemeral_how, top),
	 .help = "the busiest hosts of a CIDR, of which each gets a verdict"},
	{.name = NULL},
};

static int ephemeral_check(const void *params, struct ff_err *err)
{
	const struct ephemeral_params *p = params;
	return p->has_host ? FF_OK
			   : ff_fail(err, FF_EUSAGE,
				     "which host? give '--host=ADDR' or '--host=CIDR'");
}

static uint32_t ephemeral_needs(const void *params)
{
	(void)params;
	return FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) |
	       FF_BIT(FF_PROTOCOL) | FF_BIT(FF_STIME) | FF_BIT(FF_FLAGS) |
	       FF_BIT(FF_INITIAL_FLAGS);
}

/* Flows that others sent do not count. */
static uint32_t ephemeral_filter(const void *params, struct ff_filter *filter)
{
	const struct ephemeral_params *p = params;
	struct ff_filter_test t = {.sip = true};
	ff_prefix_words(t.net, t.mask, &p->host);
	ff_filter_add(filter, &t);
	return FF_BIT(FF_SIP);
}

bool ephemeral_is_single(const struct ephemeral_params *p)
{
	return p->host.bits == 128;
}

/* ---- life ---- */

int ephemeral_create(void **self, const void *params, const struct ff_agg_context *ctx,
		     struct ff_err *err)
{
	const struct ephemeral_params *p = params;
	struct ephemeral *e = ff_calloc(1, sizeof *e);
	struct ephemeral_core *core = ff_calloc(1, sizeof *core);
	int rc = e && core ? FF_OK : ff_fail_nomem(err);
	if (rc == FF_OK)
		rc = ephemeral_store_init(&core->store,
					  ephemeral_is_single(p) ? &p->host.addr : NULL,
					  ctx->memory_bytes, ctx->scratch_dir, err);
	if (rc) {
		ff_free(e);
		ff_free(core);
		return rc;
	}
	core->params = *p;
	*e = (struct ephemeral){.core = core,
				.is_owner = true,
				.first_ns = INT64_MAX,
				.last_ns = INT64_MIN};
	*self = e;
	return FF_OK;
}

static int ephemeral_fork(void **handle, void *self, struct ff_err *err)
{
	struct ephemeral *e = self, *h = ff_calloc(1, sizeof *h);
	if (!h)
		return ff_fail_nomem(err);
	*h = (struct ephemeral){
		.core = e->core, .first_ns = INT64_MAX, .last_ns = INT64_MIN};
	*handle = h;
	return FF_OK;
}

void ephemeral_destroy(void *self)
{
	struct ephemeral *e = self;
	if (!e)
		return;
	ephemeral_buffers_release(e->buffers);
	ephemeral_hosts_release(&e->hosts);
	if (e->is_owner) {
		ephemeral_store_release(&e->core->store);
		ff_free(e->core);
	}
	ff_free(e);
}

/* ---- add ---- */

bool ephemeral_initiates(enum ephemeral_flags flags, uint16_t sport, uint16_t dport)
{
	if (flags != EPHEMERAL_UNKNOWN)
		return flags == EPHEMERAL_OPENS;
	return sport >= 1024 && dport < sport;
}

static enum ephemeral_flags flow_flags(const struct ff_flow *f)
{
	bool opens;
	if (f->protocol != 6)
		return EPHEMERAL_UNKNOWN;
	if (f->present & FF_BIT(FF_INITIAL_FLAGS))
		opens = (f->initial_flags & (FF_SYN | FF_ACK)) == FF_SYN;
	else if (f->present & FF_BIT(FF_FLAGS))
		opens = (f->flags & FF_SYN) != 0;
	else
		return EPHEMERAL_UNKNOWN;
	return opens ? EPHEMERAL_OPENS : EPHEMERAL_ANSWERS;
}

int ephemeral_check_span(const struct ephemeral *e, struct ff_err *err)
{
	static const struct ff_bins all = {.kind = FF_BINS_ALL};
	return agg_check_span(&all, e->first_ns, e->last_ns, err);
}

int ephemeral_count_row(struct ephemeral *e, const struct ephemeral_row *row,
			struct ff_err *err)
{
	struct ephemeral_host *host;
	int rc = ephemeral_hosts_get(&e->hosts, &host, &row->host, err);
	if (rc)
		return rc;
	host->tcp += row->protocol == 6;
	host->udp += row->protocol == 17;
	host->by_flags += row->syn_known;
	if (row->time_ns < e->first_ns)
		e->first_ns = row->time_ns;
	if (row->time_ns > e->last_ns)
		e->last_ns = row->time_ns;
	return FF_OK;
}

static int ephemeral_add_row(struct ephemeral *e, const struct ephemeral_row *row,
			     struct ff_err *err)
{
	int rc = ephemeral_count_row(e, row, err);
	return rc ? rc : ephemeral_store_add(&e->core->store, e->buffers, row, err);
}

/* A flow that one of the hosts sent. */
static int ephemeral_sent(struct ephemeral *e, const struct ff_flow *f,
			  struct ff_err *err)
{
	const uint32_t ports = FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT);
	enum ephemeral_flags flags = flow_flags(f);
	bool any = e->core->params.initiator == EPHEMERAL_ANY;
	if ((f->protocol == 6 || f->protocol == 17) && (f->present & ports) == ports &&
	    (any || ephemeral_initiates(flags, f->sport, f->dport)))
		return ephemeral_add_row(
			e,
			&(struct ephemeral_row){.time_ns = f->start_ns,
						.host = f->sip,
						.daddr = f->dip,
						.sport = f->sport,
						.dport = f->dport,
						.protocol = f->protocol,
						.syn_known = flags == EPHEMERAL_OPENS},
			err);
	struct ephemeral_host *host;
	int rc = ephemeral_hosts_get(&e->hosts, &host, &f->sip, err);
	if (rc)
		return rc;
	if ((f->present & ports) != ports || (f->protocol != 6 && f->protocol != 17))
		host->other++;
	else if (f->protocol == 6)
		host->answered_tcp++;
	else
		host->answered_udp++;
	return FF_OK;
}

static int ephemeral_add(void *self, const struct ff_batch *flows, struct ff_err *err)
{
	struct ephemeral *e = self;
	const struct ff_prefix *host = &e->core->params.host;
	bool single = ephemeral_is_single(&e->core->params);
	for (size_t i = 0; i < flows->count; i++) {
		const struct ff_flow *f = &flows->flows[i];
		if (single ? ff_addr_cmp(&f->sip, &host->addr) != 0
			   : !ff_prefix_has(host, &f->sip))
			continue;
		int rc = ephemeral_sent(e, f, err);
		if (rc)
			return rc;
	}
	return ephemeral_check_span(e, err);
}

/* ---- merge ---- */

static int check_params(const struct ephemeral_params *a,
			const struct ephemeral_params *b, struct ff_err *err)
{
	char x[FF_ADDR_TEXT], y[FF_ADDR_TEXT];
	if (a->host.bits != b->host.bits ||
	    ff_addr_cmp(&a->host.addr, &b->host.addr) != 0)
		return ff_fail(err, FF_EFORMAT,
			       "the states have different hosts: %s and %s",
			       ff_format_prefix(x, sizeof x, &a->host),
			       ff_format_prefix(y, sizeof y, &b->host));
	if (a->initiator != b->initiator)
		return ff_fail(err, FF_EFORMAT,
			       "the states tell initiators in different ways: %s and %s",
			       initiators[a->initiator], initiators[b->initiator]);
	return FF_OK;
}

static int ephemeral_merge(void *self, void *other, struct ff_err *err)
{
	struct ephemeral *e = self, *o = other;
	int rc = check_params(&e->core->params, &o->core->params, err);
	if (rc || (rc = ephemeral_store_flush(&o->core->store, o->buffers, err)))
		return rc;
	if (o->core != e->core &&
	    (rc = ephemeral_store_merge(&e->core->store, &o->core->store, err)))
		return rc;
	if ((rc = ephemeral_hosts_merge(&e->hosts, &o->hosts, err)))
		return rc;
	if (o->first_ns < e->first_ns)
		e->first_ns = o->first_ns;
	if (o->last_ns > e->last_ns)
		e->last_ns = o->last_ns;
	ephemeral_hosts_release(&o->hosts);
	o->first_ns = INT64_MAX;
	o->last_ns = INT64_MIN;
	return ephemeral_check_span(e, err);
}

const struct ff_agg_type ff_agg_ephemeral = {
	.name = "ephemeral",
	.summary = "source ports of the flows that a host initiated",
	.opts = options,
	.params_size = sizeof(struct ephemeral_params),
	.how_opts = how_options,
	.how_size = sizeof(struct ephemeral_how),
	.check = ephemeral_check,
	.empty = "none was sent by the host; check '--host' and the selection",
	.state_version = 1,
	.needs = ephemeral_needs,
	.filter = ephemeral_filter,
	.create = ephemeral_create,
	.fork = ephemeral_fork,
	.add = ephemeral_add,
	.merge = ephemeral_merge,
	.save = ephemeral_save,
	.load = ephemeral_load,
	.finish = ephemeral_finish,
	.destroy = ephemeral_destroy,
};
