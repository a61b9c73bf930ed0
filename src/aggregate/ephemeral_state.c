/* SPDX-License-Identifier: MIT */
/* ephemeral_state - an ephemeral aggregate in a state: parameters; what each host sent
 * beside its rows, by address; the rows of each kind, ascending, in groups of at most
 * 4096, each as the time since the row before and the other bytes as they are. What the
 * rows tell is counted again when they are loaded. */
#include "aggregate/ephemeral.h"

#include <string.h>

enum { GROUP = 4096, TIME_BYTES = 8 };

static void save_group(const struct ephemeral_store *s, unsigned kind,
		       const uint8_t *rows, size_t n, uint64_t *last,
		       struct ff_state_writer *w)
{
	size_t length = s->runs[kind].length;
	ff_state_put_u64(w, n);
	for (size_t i = 0; i < n; i++, rows += length) {
		uint64_t time = ff_get_u64(rows, true);
		ff_state_put_u64(w, time - *last);
		ff_state_put_bytes(w, rows + TIME_BYTES, length - TIME_BYTES);
		*last = time;
	}
}

static int save_rows(const struct ephemeral_store *s, unsigned kind,
		     struct ff_state_writer *w, struct ff_err *err)
{
	size_t length = s->runs[kind].length, n = 0, rows;
	struct ephemeral_cursor c;
	const uint8_t *row;
	uint64_t last = 0;
	int rc = ephemeral_cursor_init(&c, s, kind, err);
	if (rc)
		return rc;
	uint8_t *group = ff_alloc(GROUP, length);
	if (!group)
		rc = ff_fail_nomem(err);
	while (rc == FF_OK && (rc = ephemeral_cursor_next(&c, &row, &rows, err)) > 0) {
		for (; rows; rows--, row += length) {
			memcpy(group + n++ * length, row, length);
			if (n == GROUP) {
				save_group(s, kind, group, n, &last, w);
				n = 0;
			}
		}
		rc = FF_OK;
	}
	if (rc == FF_OK && n)
		save_group(s, kind, group, n, &last, w);
	ff_state_put_u64(w, 0);
	ff_free(group);
	ephemeral_cursor_release(&c);
	return rc;
}

int ephemeral_save(void *self, struct ff_state_writer *w, struct ff_err *err)
{
	struct ephemeral *e = self;
	const struct ephemeral_params *p = &e->core->params;
	struct ephemeral_host *hosts;
	int rc = ephemeral_store_flush(&e->core->store, e->buffers, err);
	if (rc || (rc = ephemeral_hosts_sorted(&e->hosts, &hosts, false, err)))
		return rc;
	ff_state_put_bytes(w, p->host.addr.b, 16);
	ff_state_put_u64(w, p->host.bits);
	ff_state_put_u64(w, (uint64_t)p->initiator);
	ff_state_put_u64(w, e->hosts.used);
	for (size_t i = 0; i < e->hosts.used; i++) {
		ff_state_put_bytes(w, hosts[i].addr.b, 16);
		ff_state_put_u64(w, hosts[i].answered_tcp);
		ff_state_put_u64(w, hosts[i].answered_udp);
		ff_state_put_u64(w, hosts[i].other);
	}
	ff_free(hosts);
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS && rc == FF_OK; kind++)
		rc = save_rows(&e->core->store, kind, w, err);
	return rc;
}

/* ---- loading ---- */

static int load_params(struct ephemeral_params *p, struct ff_state_reader *r,
		       struct ff_err *err)
{
	uint64_t bits, initiator;
	char text[FF_ADDR_TEXT];
	struct ff_prefix again;
	int rc;
	if ((rc = ff_state_get_bytes(r, p->host.addr.b, 16, err)) ||
	    (rc = ff_state_get_u64(r, &bits, err)) ||
	    (rc = ff_state_get_u64(r, &initiator, err)))
		return rc;
	if (bits > 128 || initiator > EPHEMERAL_ANY)
		return ff_state_bad(r, err, "parameters that no ephemeral state has");
	p->host.bits = (uint8_t)bits;
	p->has_host = true;
	p->initiator = (int)initiator;
	/* host bits must be zero, as they are after reading a prefix */
	ff_format_prefix(text, sizeof text, &p->host);
	if (!ff_parse_prefix(&again, text, strlen(text)) ||
	    ff_addr_cmp(&again.addr, &p->host.addr) != 0)
		return ff_state_bad(r, err, "parameters that no ephemeral state has");
	return FF_OK;
}

static int load_hosts(struct ephemeral *e, struct ff_state_reader *r, struct ff_err *err)
{
	struct ephemeral_host *host;
	struct ff_addr addr;
	uint64_t n, tcp, udp, other;
	int rc = ff_state_get_u64(r, &n, err);
	if (rc == FF_OK && n > EPHEMERAL_MAX_HOSTS)
		rc = ff_state_bad(r, err, "too many hosts");
	while (rc == FF_OK && n--) {
		if ((rc = ff_state_get_bytes(r, addr.b, 16, err)) ||
		    (rc = ff_state_get_u64(r, &tcp, err)) ||
		    (rc = ff_state_get_u64(r, &udp, err)) ||
		    (rc = ff_state_get_u64(r, &other, err)))
			return rc;
		if (!ff_prefix_has(&e->core->params.host, &addr))
			return ff_state_bad(r, err, "a host outside its network");
		/* sums must not wrap */
		if (tcp > UINT64_MAX >> 24 || udp > UINT64_MAX >> 24 ||
		    other > UINT64_MAX >> 24)
			return ff_state_bad(r, err, "more flows than there are");
		if ((rc = ephemeral_hosts_get(&e->hosts, &host, &addr, err)))
			return rc;
		host->answered_tcp = tcp;
		host->answered_udp = udp;
		host->other = other;
	}
	return rc;
}

/* What is left of the rows of a kind. */
struct row_reader {
	struct ephemeral *e;
	struct ff_state_reader *r;
	unsigned kind;
	bool has_host; /* in the row; else all are of the only one */
	uint64_t time;
};

/* NULL when the row could come from flows, else what is wrong with it. */
static const char *row_fault(const struct row_reader *k, const struct ephemeral_row *row)
{
	const struct ephemeral_params *p = &k->e->core->params;
	bool narrow = ff_addr_is_v4(&row->host) && ff_addr_is_v4(&row->daddr);
	if (k->has_host && !ff_prefix_has(&p->host, &row->host))
		return "a flow of a host outside its network";
	if (narrow != (k->kind == EPHEMERAL_NARROW))
		return "a flow among those of the other address family";
	if ((row->protocol != 6 && row->protocol != 17) ||
	    (row->syn_known && row->protocol != 6))
		return "a flow of an impossible protocol";
	if (p->initiator == EPHEMERAL_SYN &&
	    !ephemeral_initiates(row->syn_known ? EPHEMERAL_OPENS : EPHEMERAL_UNKNOWN,
				 row->sport, row->dport))
		return "a flow that the host did not initiate";
	return NULL;
}

/* Straight into the store: the bytes of a row are those that the store keeps. */
static int load_row(struct row_reader *k, struct ff_err *err)
{
	struct ephemeral_store *s = &k->e->core->store;
	size_t length = s->runs[k->kind].length;
	struct ephemeral_row row;
	uint8_t *bytes;
	uint64_t step;
	int rc = ephemeral_store_room(s, k->e->buffers, k->kind, &bytes, err);
	if (rc || (rc = ff_state_get_u64s(k->r, &step, 1, err)) ||
	    (rc = ff_state_get_bytes(k->r, bytes + TIME_BYTES, length - TIME_BYTES, err)))
		return rc;
	if (step > UINT64_MAX - k->time)
		return ff_state_bad(k->r, err, "a time out of bounds");
	k->time += step;
	for (int i = 0; i < TIME_BYTES; i++)
		bytes[i] = (uint8_t)(k->time >> (56 - 8 * i));
	if (bytes[length - 1] > 1)
		return ff_state_bad(k->r, err, "a flow of an impossible protocol");
	ephemeral_unpack(s, k->kind, &row, bytes);
	const char *fault = row_fault(k, &row);
	if (fault)
		return ff_state_bad(k->r, err, fault);
	if ((rc = ephemeral_count_row(k->e, &row, err)))
		return rc;
	ephemeral_store_keep(s, k->e->buffers, k->kind);
	return FF_OK;
}

static int load_rows(struct ephemeral *e, unsigned kind, struct ff_state_reader *r,
		     struct ff_err *err)
{
	struct row_reader k = {.e = e, .r = r, .kind = kind};
	uint64_t n;
	int rc;
	k.has_host = kind == EPHEMERAL_WIDE || e->core->store.host_bytes;
	while ((rc = ff_state_get_u64(r, &n, err)) == FF_OK && n) {
		if (n > GROUP)
			return ff_state_bad(r, err, "a group is too large");
		while (n-- && rc == FF_OK)
			rc = load_row(&k, err);
		if (rc)
			return rc;
	}
	if (rc == FF_OK && ephemeral_check_span(e, NULL))
		rc = ff_state_bad(r, err, "times that no ephemeral state has");
	return rc;
}

int ephemeral_load(void **self, const struct ff_agg_context *ctx,
		   struct ff_state_reader *r, struct ff_err *err)
{
	struct ephemeral_params p = {0};
	void *e = NULL;
	int rc = load_params(&p, r, err);
	if (rc || (rc = ephemeral_create(&e, &p, ctx, err)))
		return rc;
	rc = load_hosts(e, r, err);
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS && rc == FF_OK; kind++)
		rc = load_rows(e, kind, r, err);
	if (rc) {
		ephemeral_destroy(e);
		return rc;
	}
	*self = e;
	return FF_OK;
}
