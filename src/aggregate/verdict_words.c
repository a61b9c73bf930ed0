/* SPDX-License-Identifier: MIT */
/* verdict_words - the sentences of a verdict. */
#include "aggregate/verdict_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum {
	WORDS_POOL = 20, /* more fixed ports than a tool binds are a pool */
	WORDS_NAT = 100, /* ports without which a mixture may hide */
	WORDS_DNS = 10,	 /* DNS ports that a note needs */
	WORDS_DNS_LINUX = 20,
};

void verdict_refuse(struct verdict_stream *s, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(s->reason, sizeof s->reason, fmt, ap);
	va_end(ap);
}

static void words_linux(struct verdict_stream *s, const struct verdict_score *top)
{
	static const char *const who[VERDICT_GENERATIONS] = {
		"Linux 4.2 or later",
		"Linux 4.2 to 5.11",
		"Linux 4.2 to 5.17",
		"Linux 5.12 to 5.17",
		"Linux 5.18 or later, or a kernel patched since mid-2022",
		("Linux 5.18 or later, or a kernel patched since mid-2022, if this "
		 "sensor "
		 "sees all its connections"),
	};
	static const char *const why[VERDICT_GENERATIONS] = {
		"generation not resolved",
		"one counter for all destinations",
		"steps to a destination stay small",
		"a counter per destination, steps of 2",
		"counters per destination break within 10 s",
		"no counter per destination beyond 10 s",
	};
	bool is_default = top->model->hi != 0;
	int len = snprintf(s->claim, sizeof s->claim, "%s (even ports; %s",
			   who[s->generation], why[s->generation]);
	if (is_default)
		snprintf(s->claim + len, sizeof s->claim - (size_t)len, ")");
	else
		snprintf(s->claim + len, sizeof s->claim - (size_t)len,
			 "; range %u-%u is not the default)", s->port_lo, s->port_hi);
}

static void words_fixed(struct verdict_stream *s, const struct verdict_clean *c)
{
	if (c->distinct > WORDS_POOL)
		snprintf(
			s->claim, sizeof s->claim,
			"a small pool of ports, of a shared address or a tool: %zu flows "
			"from %zu ports of %u-%u",
			c->raw, c->distinct, c->raw_lo, c->raw_hi);
	else
		snprintf(s->claim, sizeof s->claim,
			 "fixed source ports, of a tool, listener or service: %zu flows "
			 "from %zu port%s",
			 c->raw, c->distinct, c->distinct == 1 ? "" : "s");
}

void verdict_claim(struct verdict_stream *s, const struct verdict_clean *c,
		   const struct verdict_score *top)
{
	if (s->family == VERDICT_FIXED) {
		words_fixed(s, c);
		return;
	}
	const char *name = top->model->name;
	switch (top->model->kernel) {
	case VERDICT_K_LANES:
		snprintf(s->claim, sizeof s->claim,
			 "at least %zu hosts behind a NAT (it keeps ports; so many "
			 "counters at once hold %.0f %% of them)",
			 s->lanes, 100 * s->cover);
		return;
	case VERDICT_K_UP:
	case VERDICT_K_DOWN:
		snprintf(s->claim, sizeof s->claim, "%s (ports count %s in %u-%u)", name,
			 top->model->kernel == VERDICT_K_UP ? "up" : "down",
			 s->family == VERDICT_UP_OTHER ? s->port_lo : top->lo,
			 s->family == VERDICT_UP_OTHER ? s->port_hi : top->hi);
		return;
	default:
		break;
	}
	if (s->family == VERDICT_LINUX)
		words_linux(s, top);
	else if (verdict_is_random(s->family))
		snprintf(s->claim, sizeof s->claim, "%s (%u-%u)", name, top->lo, top->hi);
	else
		snprintf(s->claim, sizeof s->claim,
			 "%s (a counter behind a hash of the destination, %u-%u)", name,
			 top->lo, top->hi);
}

static int words_note(struct verdict *v, size_t *cap, struct ff_err *err, const char *fmt,
		      ...) __attribute__((format(printf, 4, 5)));
static int words_note(struct verdict *v, size_t *cap, struct ff_err *err, const char *fmt,
		      ...)
{
	char text[320];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	int rc = ff_grow(&v->notes, cap, v->nnotes + 1, sizeof *v->notes, err);
	if (rc)
		return rc;
	v->notes[v->nnotes] = ff_strdup(text);
	if (!v->notes[v->nnotes])
		return ff_fail_nomem(err);
	v->nnotes++;
	return FF_OK;
}

/* What the ports of DNS queries say beside TCP: how many there are, how many lie below
 * the IANA range and outside Linux's. */
struct words_dns {
	size_t n, low, foreign;
};

static struct words_dns words_count_dns(const struct verdict_flow *flows, size_t n)
{
	struct words_dns d = {0};
	for (size_t i = 0; i < n; i++) {
		const struct verdict_flow *f = &flows[i];
		if (f->protocol != 17 || f->dport != 53 || f->sport < 1024)
			continue;
		d.n++;
		d.low += f->sport < 49152;
		d.foreign += f->sport < 32768 || f->sport > 60999;
	}
	return d;
}

static int words_dns_note(struct verdict *v, size_t *cap, struct words_dns d,
			  struct ff_err *err)
{
	enum verdict_family f = v->streams[VERDICT_TCP].family;

	if (f == VERDICT_UP_IANA) {
		if (d.n < WORDS_DNS)
			return words_note(v, cap, err,
					  "Too few DNS queries to lean to "
					  "Windows or macOS");
		if (d.low * 2 >= d.n)
			return words_note(
				v, cap, err,
				"%zu of %zu DNS ports lie below 49152: no habit "
				"of Windows, leans to macOS or iOS of today",
				d.low, d.n);
		if (d.low == 0)
			return words_note(
				v, cap, err,
				"All %zu DNS ports lie above 49151: fits Windows "
				"and older macOS alike",
				d.n);
		return words_note(v, cap, err,
				  "%zu of %zu DNS ports lie below 49152: no "
				  "lean to Windows or macOS",
				  d.low, d.n);
	}
	if ((f != VERDICT_LINUX && f != VERDICT_LINUX_OLD) || d.n < WORDS_DNS_LINUX)
		return FF_OK;
	if (d.foreign * 10 >= d.n * 3)
		return words_note(v, cap, err,
				  "%zu of %zu DNS ports lie outside 32768-60999: Android "
				  "or a local resolver",
				  d.foreign, d.n);
	if (d.foreign == 0)
		return words_note(v, cap, err,
				  "All %zu DNS ports lie in 32768-60999: a "
				  "stub resolver",
				  d.n);
	return FF_OK;
}

/* The streams that the headline is not about. */
static int words_streams(struct verdict *v, size_t *cap, struct ff_err *err)
{
	static const char *const names[VERDICT_STREAMS] = {"TCP", "DNS", "Other UDP"};
	int rc = FF_OK;

	for (int i = 0; i < VERDICT_STREAMS && !rc; i++) {
		const struct verdict_stream *s = &v->streams[i];
		if (i == (int)v->lead || s->family == VERDICT_NONE ||
		    s->family == VERDICT_SERVER)
			continue;
		rc = words_note(v, cap, err, "%s ports: %s", names[i], s->claim);
		unsigned width = s->port_hi - s->port_lo;
		if (!rc && i != VERDICT_TCP && s->family == VERDICT_RANDOM_OTHER &&
		    width >= 2300 && width <= 2600)
			rc = words_note(v, cap, err,
					"%s ports: the width fits the 2,500 sockets of a "
					"Windows DNS server",
					names[i]);
	}
	return rc;
}

static int words_limits(struct verdict *v, size_t *cap, const struct verdict_side *side,
			struct ff_err *err)
{
	const struct verdict_stream *s = &v->streams[v->lead];
	int rc = FF_OK;

	if (s->family == VERDICT_UP_IANA && s->port_hi <= 61000 && !s->asked_udp)
		rc = words_note(v, cap, err,
				"The ports alone do not exclude Linux 2.2 to "
				"2.4 (counts up in 32768-61000)");
	if (!rc && s->asked_udp && verdict_is_random(s->family))
		rc = words_note(v, cap, err,
				"TCP alone is ambiguous; the ports of UDP take "
				"part");
	if (!rc && s->family != VERDICT_NONE && s->family < VERDICT_FIXED &&
	    s->family != VERDICT_LANES && s->used < WORDS_NAT)
		rc = words_note(v, cap, err,
				"Below %d ports a NAT of several hosts is not "
				"excluded",
				WORDS_NAT);
	if (!rc && v->resolution_ns >= FF_SEC)
		rc = words_note(v, cap, err,
				"Time stamps are whole %s: the order within "
				"one is not known",
				v->resolution_ns > FF_SEC ? "minutes" : "seconds");
	if (!rc && side && side->sampling > 1)
		rc = words_note(v, cap, err,
				"One in %llu was sampled: steps look longer "
				"than they were",
				(unsigned long long)side->sampling);
	if (!rc && s->family != VERDICT_NONE && s->family < VERDICT_FIXED)
		rc = words_note(v, cap, err,
				"Administrators, proxies and NATs can change "
				"every clue");
	return rc;
}

int verdict_words(struct verdict *v, const struct verdict_flow *flows, size_t n,
		  const struct verdict_side *side, struct ff_err *err)
{
	const struct verdict_stream *s = &v->streams[v->lead];
	static const char *const lead[VERDICT_STREAMS] = {"", " (by DNS ports)",
							  " (by UDP ports)"};
	size_t cap = 0;

	if (s->family == VERDICT_NONE)
		snprintf(v->headline, sizeof v->headline, "No verdict: %s", s->reason);
	else if (s->family == VERDICT_FIXED || s->family == VERDICT_SERVER)
		snprintf(v->headline, sizeof v->headline, "No client to judge: %s",
			 s->claim);
	else
		snprintf(v->headline, sizeof v->headline, "Consistent with %s%s",
			 s->claim, lead[v->lead]);
	int rc = words_dns_note(v, &cap, words_count_dns(flows, n), err);
	if (!rc)
		rc = words_streams(v, &cap, err);
	if (!rc)
		rc = words_limits(v, &cap, side, err);
	return rc;
}
