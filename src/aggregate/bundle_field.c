/* SPDX-License-Identifier: MIT */
/* bundle_field - the fields a side can have, their ranges, and the parts of a range. */
#include "aggregate/bundle.h"
#include "aggregate/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- values of a flow ---- */

static bool field_has_ports(const struct ff_flow *f, enum ff_field field)
{
	return f->present & FF_BIT(field) && (!(f->present & FF_BIT(FF_PROTOCOL)) ||
					      agg_protocol_has_ports(f->protocol));
}

static bool get_sport(uint64_t *out, const struct ff_flow *f)
{
	*out = f->sport;
	return field_has_ports(f, FF_SPORT);
}

static bool get_dport(uint64_t *out, const struct ff_flow *f)
{
	*out = f->dport;
	return field_has_ports(f, FF_DPORT);
}

/* To the millisecond, as --duration has it. */
static bool get_duration(uint64_t *out, const struct ff_flow *f)
{
	if (!(f->present & (FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME))) ||
	    f->end_ns < f->start_ns)
		return false;
	*out = ((uint64_t)f->end_ns - (uint64_t)f->start_ns) / (uint64_t)FF_MS;
	return true;
}

static bool get_sensor(uint64_t *out, const struct ff_flow *f)
{
	*out = f->sensor;
	return f->present & FF_BIT(FF_SENSOR) && f->sensor != FF_SENSOR_NONE;
}

#define GETTER(member, field)                                            \
	static bool get_##member(uint64_t *out, const struct ff_flow *f) \
	{                                                                \
		*out = f->member;                                        \
		return f->present & FF_BIT(field);                       \
	}
GETTER(protocol, FF_PROTOCOL)
GETTER(packets, FF_PACKETS)
GETTER(bytes, FF_BYTES)
GETTER(in, FF_IN)
GETTER(out, FF_OUT)
GETTER(icmp_type, FF_ICMP_TYPE)
GETTER(icmp_code, FF_ICMP_CODE)
GETTER(application, FF_APPLICATION)

/* ---- the fields ---- */

#define B(field) FF_BIT(FF_##field)
#define ADDRESS(member_)                                                                 \
	.is_addr = true, .offset = offsetof(struct ff_flow, member_), .max = UINT32_MAX, \
	.one = "", .many = "", .unit = ""
#define COUNTER(unit_) \
	.max = UINT32_MAX, .is_wide = true, .one = "", .many = "", .unit = unit_
/* A part each: the range is the whole list. */
#define COUNTRY(member_)                                                             \
	.is_country = true, .offset = offsetof(struct ff_flow, member_), .many = "", \
	.unit = ""
#define WORDS(words) .one = words " ", .many = words "s ", .unit = ""

/* In the order in which messages name them. */
static const struct bundle_field fields[] = {
	{.name = "sip", .needs = B(SIP), .option = "scidr", ADDRESS(sip)},
	{.name = "dip", .needs = B(DIP), .option = "dcidr", ADDRESS(dip)},
	{.name = "nhip",
	 .alias = "next-hop",
	 .needs = B(NHIP),
	 .option = "nhcidr",
	 ADDRESS(nhip)},
	{.name = "sport",
	 .needs = B(SPORT) | B(PROTOCOL),
	 .max = UINT16_MAX,
	 .get = get_sport,
	 .option = "sport",
	 .has_ports = true,
	 WORDS("source port")},
	{.name = "dport",
	 .needs = B(DPORT) | B(PROTOCOL),
	 .max = UINT16_MAX,
	 .get = get_dport,
	 .option = "dport",
	 .has_ports = true,
	 WORDS("destination port")},
	{.name = "protocol",
	 .needs = B(PROTOCOL),
	 .max = UINT8_MAX,
	 .get = get_protocol,
	 .option = "protocol",
	 WORDS("protocol")},
	{.name = "packets",
	 .needs = B(PACKETS),
	 .get = get_packets,
	 .option = "packets",
	 COUNTER(" packets")},
	{.name = "bytes",
	 .needs = B(BYTES),
	 .get = get_bytes,
	 .option = "bytes",
	 COUNTER(" bytes")},
	{.name = "duration",
	 .needs = B(STIME) | B(DURATION) | B(ETIME),
	 .get = get_duration,
	 .option = "duration",
	 .is_ms = true,
	 COUNTER(" ms")},
	{.name = "sensor",
	 .needs = B(SENSOR),
	 .max = UINT16_MAX,
	 .get = get_sensor,
	 .option = "sensors",
	 .is_sensor = true,
	 .option_max = FF_SENSOR_NONE - 1,
	 WORDS("sensor")},
	{.name = "in",
	 .needs = B(IN),
	 .max = UINT32_MAX,
	 .get = get_in,
	 .option = "input-index",
	 .option_max = UINT16_MAX,
	 WORDS("input interface")},
	{.name = "out",
	 .needs = B(OUT),
	 .max = UINT32_MAX,
	 .get = get_out,
	 .option = "output-index",
	 .option_max = UINT16_MAX,
	 WORDS("output interface")},
	{.name = "icmp-type",
	 .needs = B(ICMP_TYPE) | B(PROTOCOL),
	 .max = UINT8_MAX,
	 .get = get_icmp_type,
	 .option = "icmp-type",
	 WORDS("ICMP type")},
	{.name = "icmp-code",
	 .needs = B(ICMP_CODE) | B(PROTOCOL),
	 .max = UINT8_MAX,
	 .get = get_icmp_code,
	 .option = "icmp-code",
	 WORDS("ICMP code")},
	{.name = "application",
	 .needs = B(APPLICATION),
	 .max = UINT16_MAX,
	 .get = get_application,
	 .option = "application",
	 WORDS("application")},
	{.name = "scc",
	 .needs = B(SIP),
	 .option = "scc",
	 .one = "source country ",
	 COUNTRY(sip)},
	{.name = "dcc",
	 .needs = B(DIP),
	 .option = "dcc",
	 .one = "destination country ",
	 COUNTRY(dip)},
};

const struct bundle_field *bundle_field_find(const char *name)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strcmp(fields[i].name, name) == 0 ||
		    (fields[i].alias && strcmp(fields[i].alias, name) == 0))
			return &fields[i];
	return NULL;
}

void bundle_field_names(struct ff_buf *out)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		ff_buf_addf(out, "%s%s", i ? ", " : "", fields[i].name);
}

/* ---- ranges ---- */

/* Parts and shift, from the size. */
static void side_cut(struct bundle_side *s)
{
	s->parts = s->size < BUNDLE_PARTS ? (unsigned)s->size : BUNDLE_PARTS;
	s->shift = -1;
	for (int bits = 0; bits <= 24; bits++)
		if (s->size == (uint64_t)s->parts << bits)
			s->shift = bits;
}

static bool side_parse_v6(struct bundle_side *s, const char *range)
{
	unsigned below;

	if (!ff_parse_prefix(&s->prefix, range, strlen(range)))
		return false;
	below = 128u - s->prefix.bits;
	s->is_v6 = true;
	s->parts = below < 8 ? 1u << below : BUNDLE_PARTS;
	return true;
}

static bool side_parse_v4(uint64_t *out, const char *text, size_t len)
{
	struct ff_addr a;

	if (!ff_parse_addr(&a, text, len) || !ff_addr_is_v4(&a))
		return false;
	*out = ff_addr_to_v4(&a);
	return true;
}

/* A CIDR block or one address of either family, or two IPv4 addresses. */
static bool side_parse_addr(struct bundle_side *s, const char *range)
{
	const char *dash = strchr(range, '-');
	struct ff_prefix p;
	uint64_t hi;

	if (dash) {
		if (!side_parse_v4(&s->lo, range, (size_t)(dash - range)) ||
		    !side_parse_v4(&hi, dash + 1, strlen(dash + 1)) || hi < s->lo)
			return false;
		s->size = hi - s->lo + 1;
		return true;
	}
	if (!ff_parse_prefix(&p, range, strlen(range)))
		return false;
	if (p.bits < 96 || !ff_addr_is_v4(&p.addr))
		return side_parse_v6(s, range);
	s->lo = ff_addr_to_v4(&p.addr);
	s->size = UINT64_C(1) << (128 - p.bits);
	return true;
}

static bool side_parse_number(struct bundle_side *s, const char *range)
{
	const char *dash = strchr(range, '-');
	size_t len = dash ? (size_t)(dash - range) : strlen(range);
	uint64_t hi;

	if (!ff_parse_u64(&s->lo, range, len))
		return false;
	hi = s->lo;
	if (dash && !ff_parse_u64(&hi, dash + 1, strlen(dash + 1)))
		return false;
	if (hi < s->lo || hi - s->lo > UINT32_MAX ||
	    (!s->field->is_wide && hi > s->field->max))
		return false;
	s->size = hi - s->lo + 1;
	return true;
}

int bundle_side_init(struct bundle_side *s, const struct bundle_field *field,
		     const char *range, const char *which, struct ff_err *err)
{
	bool good = true;

	*s = (struct bundle_side){.field = field, .size = field->max + 1};
	if (field->is_country) {
		char all[BUNDLE_TEXT];

		s->size = ff_country_count();
		side_cut(s);
		if (!range || strcmp(range, bundle_side_text(all, s)) == 0)
			return FF_OK;
		return ff_fail(err, FF_EUSAGE,
			       "'--%s-range' does not go with '%s': select countries "
			       "with '--%s'",
			       which, field->name, field->option);
	}
	if (range)
		good = field->is_addr ? side_parse_addr(s, range)
				      : side_parse_number(s, range);
	if (!good && field->is_addr)
		return ff_fail(
			err, FF_EUSAGE,
			"bad value '%s' for '--%s-range': '%s' takes an address, a "
			"CIDR block, or two IPv4 addresses as LO-HI",
			range, which, field->name);
	if (!good)
		return ff_fail(err, FF_EUSAGE,
			       "bad value '%s' for '--%s-range': '%s' takes a number or "
			       "LO-HI, %s %" PRIu64 "%s",
			       range, which, field->name,
			       field->is_wide ? "of at most" : "up to",
			       field->is_wide ? field->max + 1 : field->max,
			       field->is_wide ? " values" : "");
	if (!s->is_v6)
		side_cut(s);
	return FF_OK;
}

int bundle_side_bits(const struct bundle_side *s)
{
	int bits = 32;

	if (s->is_v6)
		return s->prefix.bits;
	if (!s->field->is_addr || s->size & (s->size - 1) || s->lo & (s->size - 1))
		return -1;
	for (uint64_t size = s->size; size > 1; size >>= 1)
		bits--;
	return bits;
}

/* ---- which part ---- */

static inline unsigned side_part(const struct bundle_side *s, uint64_t v)
{
	uint64_t at = v - s->lo; /* below lo: huge */

	if (at >= s->size)
		return BUNDLE_OUTSIDE;
	if (s->shift >= 0)
		return (unsigned)(at >> s->shift);
	/* the i with i*size/n <= at < (i+1)*size/n, both rounded down */
	return (unsigned)(((at + 1) * s->parts - 1) / s->size);
}

static inline const struct ff_addr *side_addr(const struct bundle_side *s,
					      const struct ff_flow *f)
{
	return (const struct ff_addr *)((const char *)f + s->field->offset);
}

static void locate_v4(uint16_t *part, const struct bundle_side *s,
		      const struct ff_flow *flows, size_t n)
{
	uint32_t bit = s->field->needs;

	for (size_t i = 0; i < n; i++) {
		const struct ff_addr *a = side_addr(s, &flows[i]);

		if (!(flows[i].present & bit))
			part[i] = BUNDLE_ABSENT;
		else
			part[i] = (uint16_t)(ff_addr_is_v4(a)
						     ? side_part(s, ff_addr_to_v4(a))
						     : BUNDLE_OUTSIDE);
	}
}

static unsigned side_part_v6(const struct bundle_side *s, const struct ff_addr *a)
{
	unsigned below = 128u - s->prefix.bits, shift = below > 8 ? below - 8 : 0;
	uint64_t high, low;

	if (ff_addr_is_v4(a) || !ff_prefix_has(&s->prefix, a))
		return BUNDLE_OUTSIDE;
	high = ff_get_u64(a->b, true);
	low = ff_get_u64(a->b + 8, true);
	if (shift >= 64)
		low = high >> (shift - 64);
	else if (shift)
		low = low >> shift | high << (64 - shift);
	return (unsigned)low & (s->parts - 1);
}

static void locate_v6(uint16_t *part, const struct bundle_side *s,
		      const struct ff_flow *flows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		part[i] = flows[i].present & s->field->needs
				  ? (uint16_t)side_part_v6(s, side_addr(s, &flows[i]))
				  : BUNDLE_ABSENT;
}

static void locate_number(uint16_t *part, const struct bundle_side *s,
			  const struct ff_flow *flows, size_t n)
{
	bool (*get)(uint64_t *, const struct ff_flow *) = s->field->get;

	for (size_t i = 0; i < n; i++) {
		uint64_t v;

		part[i] =
			(uint16_t)(get(&v, &flows[i]) ? side_part(s, v) : BUNDLE_ABSENT);
	}
}

/* n <= FF_BATCH_FLOWS */
static void locate_country(uint16_t *part, const struct bundle_side *s,
			   const struct ff_flow *flows, size_t n)
{
	ff_geo_countries(s->geo, part, side_addr(s, flows), sizeof *flows, n);
	for (size_t i = 0; i < n; i++) {
		int at = ff_country_index(part[i]);

		part[i] = (uint16_t)(!(flows[i].present & s->field->needs) ? BUNDLE_ABSENT
				     : at < 0 ? BUNDLE_OUTSIDE
					      : at);
	}
}

void bundle_side_locate(uint16_t *part, const struct bundle_side *s,
			const struct ff_flow *flows, size_t n)
{
	if (s->field->is_country)
		locate_country(part, s, flows, n);
	else if (!s->field->is_addr)
		locate_number(part, s, flows, n);
	else if (s->is_v6)
		locate_v6(part, s, flows, n);
	else
		locate_v4(part, s, flows, n);
}

int bundle_side_check(const struct bundle_side *s, const struct ff_site *site,
		      const struct ff_flow *flows, size_t n, struct ff_err *err)
{
	uint16_t last = FF_SENSOR_NONE;

	if (s->field->is_country && !(s->geo && ff_geo_has(s->geo) & FF_GEO_COUNTRY))
		return ff_fail(err, FF_EUSAGE, "'%s' needs a database of countries",
			       s->field->name);
	/* a site file gives numbers to names */
	if (!s->field->is_sensor || !site || ff_site_is_loaded(site))
		return FF_OK;
	for (size_t i = 0; i < n; i++) {
		char number[8];
		uint64_t v;

		if (flows[i].sensor == last || !get_sensor(&v, &flows[i]))
			continue;
		last = flows[i].sensor;
		const char *name = ff_site_sensor(site, last, number, sizeof number);
		if (name != number)
			return ff_fail(err, FF_EABSENT,
				       "sensor '%.80s' has no number: the input only "
				       "names its sensors; give '--site-config-file'",
				       name);
	}
	return FF_OK;
}

/* ---- bounds of a part ---- */

uint64_t bundle_part_number(const struct bundle_side *s, unsigned part, bool last)
{
	return s->lo + (part + last) * s->size / s->parts - last;
}

struct ff_addr bundle_part_addr(const struct bundle_side *s, unsigned part, bool last)
{
	unsigned below = 128u - s->prefix.bits, shift = below > 8 ? below - 8 : 0;
	struct ff_addr a = s->prefix.addr;

	if (!s->is_v6)
		return ff_addr_from_v4((uint32_t)bundle_part_number(s, part, last));
	/* the part's 8 bits begin `shift` bits from the end, in one byte or two */
	for (unsigned i = 0; i < 8; i++)
		if (part >> i & 1)
			a.b[15 - (shift + i) / 8] |= (uint8_t)(1u << (shift + i) % 8);
	for (unsigned i = 0; last && i < shift; i++)
		a.b[15 - i / 8] |= (uint8_t)(1u << i % 8);
	return a;
}
