/* SPDX-License-Identifier: MIT */
/* text_cell - every form of a cell that flowfig accepts; the usual ones have a faster way
 * in text_fast.h. */
#include "input/text.h"

#include <string.h>
#include <strings.h>

/* ---- numbers ---- */

bool text_cell_uint(uint64_t *out, uint64_t max, const char *s, size_t len)
{
	const char *dot = memchr(s, '.', len);
	uint64_t v = 0;

	if (len > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		for (size_t i = 2; i < len; i++) {
			static const char hex[] = "0123456789abcdef";
			const char *d = strchr(hex, s[i] >= 'A' && s[i] <= 'F' ? s[i] + 32
									       : s[i]);

			if (!s[i] || !d || v >> 60)
				return false;
			v = v << 4 | (uint64_t)(d - hex);
		}
	} else {
		if (dot) {
			for (const char *z = dot + 1; z < s + len; z++)
				if (*z != '0')
					return false;
			len = (size_t)(dot - s);
		}
		if (!ff_parse_u64(&v, s, len))
			return false;
	}
	*out = v;
	return v <= max;
}

bool text_cell_protocol(uint8_t *out, const char *s, size_t len)
{
	static const struct {
		const char *name;
		uint8_t number; /* IANA protocol numbers */
	} names[] = {
		{"ah", 51},    {"egp", 8},	{"eigrp", 88},	   {"esp", 50},
		{"gre", 47},   {"icmp", 1},	{"icmp6", 58},	   {"icmpv6", 58},
		{"igmp", 2},   {"ip-in-ip", 4}, {"ipencap", 4},	   {"ipip", 4},
		{"ipv4", 4},   {"ipv6", 41},	{"ipv6-icmp", 58}, {"l2tp", 115},
		{"ospf", 89},  {"ospfigp", 89}, {"pim", 103},	   {"rsvp", 46},
		{"sctp", 132}, {"tcp", 6},	{"udp", 17},	   {"udplite", 136},
		{"vrrp", 112},
	};
	uint64_t v;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == len &&
		    strncasecmp(names[i].name, s, len) == 0) {
			*out = names[i].number;
			return true;
		}
	if (!text_cell_uint(&v, UINT8_MAX, s, len))
		return false;
	*out = (uint8_t)v;
	return true;
}

static bool cell_flags(uint8_t *out, const char *s, size_t len)
{
	uint64_t v;

	if (len > 0 && s[0] >= '0' && s[0] <= '9') {
		if (!text_cell_uint(&v, 255, s, len))
			return false;
		*out = (uint8_t)v;
		return true;
	}
	return ff_parse_flags(out, s, len);
}

/* ---- addresses ---- */

bool text_cell_addr(struct ff_addr *out, const char *s, size_t len)
{
	uint64_t v;

	if (ff_parse_addr(out, s, len))
		return true;
	/* rwcut --ip-format=decimal */
	if (!ff_parse_u64(&v, s, len) || v > UINT32_MAX)
		return false;
	*out = ff_addr_from_v4((uint32_t)v);
	return true;
}

/* ---- times ---- */

static bool cell_two(int *out, const char *s)
{
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return false;
	*out = (s[0] - '0') * 10 + s[1] - '0';
	return true;
}

/* "2024-01-06 13:29:35+02:00": local time with its offset from UTC, +HH, +HHMM, +HH:MM.
 */
static bool cell_time_offset(int64_t *out_ns, const char *s, size_t len)
{
	int hours, minutes = 0;
	int64_t ns, offset;
	size_t at = len, n;

	while (at > 11 && s[at - 1] != '+' && s[at - 1] != '-')
		at--;
	n = len - at;
	if (at <= 11 || (n != 2 && n != 4 && n != 5) || !cell_two(&hours, s + at))
		return false;
	if (n > 2 && !cell_two(&minutes, s + len - 2))
		return false;
	if ((n == 5 && s[at + 2] != ':') || hours > 18 || minutes > 59 ||
	    !ff_parse_time(&ns, NULL, s, at - 1))
		return false;
	offset = (hours * 60 + minutes) * 60 * FF_SEC;
	if (s[at - 1] == '-')
		offset = -offset;
	if (offset > 0 ? ns < INT64_MIN + 1 + offset : ns > INT64_MAX + offset)
		return false;
	*out_ns = ns - offset;
	return true;
}

/* "20240106132935[.frac]": as us since 1970 the dates of 1970 to 2099 would all fall into
 * two weeks of 1970, and nobody means those. False when it is none. */
static bool cell_time_compact(int64_t *out_ns, const char *s, size_t len)
{
	static const char form[] = "yyyy/mm/ddThh:mm:ss";
	char text[sizeof form + 10];
	size_t n = 0, at = 0;

	if (len < 14 || len > 24 || (len > 14 && s[14] != '.') || memchr(s, '.', 14) ||
	    memcmp(s, "1970", 4) < 0 || memcmp(s, "2100", 4) >= 0)
		return false;
	for (; form[n]; n++)
		text[n] = form[n] >= 'a' && form[n] <= 'z' ? s[at++] : form[n];
	memcpy(text + n, s + at, len - at);
	return ff_parse_time(out_ns, NULL, text, n + len - at);
}

/* Epoch time in the unit that its digits tell: 10 digits of seconds end in 2286, and 11
 * of ms begin in April 1970, so that no plausible time is taken for another. */
static bool cell_time_epoch(int64_t *out_ns, const char *s, size_t len)
{
	const char *dot = memchr(s, '.', len);
	size_t whole = dot ? (size_t)(dot - s) : len;
	size_t digits = whole;
	const char *first = s;
	int64_t unit = FF_SEC, fraction = 0, scale;
	uint64_t v;

	if (!ff_parse_u64(&v, s, whole) || (dot && whole + 1 == len))
		return false;
	for (; digits > 1 && *first == '0'; first++)
		digits--;
	for (size_t most = 10; digits > most && unit > 1; most += 3)
		unit /= 1000;
	if (v > (uint64_t)(INT64_MAX / unit - 1))
		return false;
	scale = unit;
	for (size_t i = whole + 1; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		scale /= 10;
		fraction += (s[i] - '0') * scale;
	}
	*out_ns = (int64_t)v * unit + fraction;
	return true;
}

bool text_cell_time(int64_t *out_ns, const char *s, size_t len)
{
	return cell_time_compact(out_ns, s, len) || cell_time_epoch(out_ns, s, len) ||
	       ff_parse_time(out_ns, NULL, s, len) || cell_time_offset(out_ns, s, len);
}

bool text_cell_duration(int64_t *out_ns, const char *s, size_t len)
{
	bool negative = len > 0 && s[0] == '-';
	const char *from = s + negative;
	int64_t scale = FF_SEC, fraction = 0;
	uint64_t v = 0;
	size_t whole, n = len - negative;
	const char *dot = memchr(from, '.', n);

	whole = dot ? (size_t)(dot - from) : n;
	if ((whole > 0 || n < 2) && !ff_parse_u64(&v, from, whole))
		return false;
	if (v > (uint64_t)(INT64_MAX / FF_SEC - 1))
		return false;
	for (size_t i = whole + 1; i < n; i++) {
		if (from[i] < '0' || from[i] > '9')
			return false;
		scale /= 10;
		fraction += (from[i] - '0') * scale;
	}
	*out_ns = (int64_t)v * FF_SEC + fraction;
	if (negative)
		*out_ns = -*out_ns;
	return true;
}

/* ---- names of the site ---- */

static bool cell_sensor(struct text_cursor *c, struct ff_flow *f, const char *s,
			size_t len)
{
	uint64_t number;
	int id;

	if (len == 1 && s[0] == '?') /* SiLK's word for no sensor */
		return true;
	if (c->sensor_len == 0 || c->sensor_len != len ||
	    memcmp(c->sensor, s, len) != 0) {
		id = ff_site_find_sensor(c->site, s, len);
		/* rwcut prints the number of a sensor without a name */
		if (id < 0 && ff_parse_u64(&number, s, len) && number < FF_SENSOR_NONE)
			id = (int)number;
		if (id < 0)
			id = ff_site_intern(c->site, s, len);
		if (id < 0)
			return false; /* 65535 names are taken, or no memory is left */
		c->sensor_id = (uint16_t)id;
		c->sensor_len = len <= sizeof c->sensor ? len : 0;
		memcpy(c->sensor, s, c->sensor_len);
	}
	f->sensor = c->sensor_id;
	f->present |= FF_BIT(FF_SENSOR);
	return true;
}

static int cell_find_type(const struct ff_site *site, const char *class_name,
			  const char *type_name)
{
	int id = class_name[0] ? ff_site_find_type(site, class_name, type_name) : -1;

	if (id < 0 && !class_name[0] && ff_site_default_class(site))
		id = ff_site_find_type(site, ff_site_default_class(site), type_name);
	/* no class was given, and its default has no such type: the first that has */
	for (unsigned i = 0; id < 0 && !class_name[0] && i < FF_FLOWTYPE_NONE; i++) {
		const struct ff_site_type *t = ff_site_type(site, i);

		if (t->known && strcmp(t->type_name, type_name) == 0)
			id = (int)i;
	}
	return id;
}

static void cell_learn_type(struct text_cursor *c)
{
	size_t nclass = c->class_name.len, ntype = c->type_name.len;
	uint64_t number;

	c->class_type_len = 0;
	c->flowtype = -1;
	if (ff_parse_u64(&number, c->type_name.s, ntype)) {
		/* rwcut prints the number of a type that its site does not name */
		c->flowtype = number < FF_FLOWTYPE_NONE ? (int)number : -1;
	}
	if (nclass + ntype + 2 > sizeof c->class_type)
		return;
	/* kept as "class\0type", so that both halves are strings of their own */
	memcpy(c->class_type, c->class_name.s ? c->class_name.s : "", nclass);
	c->class_type[nclass] = '\0';
	memcpy(c->class_type + nclass + 1, c->type_name.s, ntype);
	c->class_type[nclass + 1 + ntype] = '\0';
	c->class_type_len = nclass + 1 + ntype;
	if (c->flowtype < 0)
		c->flowtype = cell_find_type(c->site, c->class_type,
					     c->class_type + nclass + 1);
}

void text_cell_flowtype(struct text_cursor *c, struct ff_flow *f)
{
	size_t nclass = c->class_name.len, ntype = c->type_name.len;

	if (ntype == 0)
		return;
	if (c->class_type_len != nclass + 1 + ntype || c->class_type[nclass] != '\0' ||
	    (nclass && memcmp(c->class_type, c->class_name.s, nclass) != 0) ||
	    memcmp(c->class_type + nclass + 1, c->type_name.s, ntype) != 0)
		cell_learn_type(c);
	if (c->flowtype < 0)
		return;
	f->flowtype = (uint8_t)c->flowtype;
	f->orient = (uint8_t)ff_site_type(c->site, f->flowtype)->orient;
	f->present |= FF_BIT(FF_FLOWTYPE);
}

/* ---- any field ---- */

static bool cell_number(struct ff_flow *f, unsigned field, const char *s, size_t len)
{
	uint64_t v;

	if (field == FF_PROTOCOL) {
		if (!text_cell_protocol(&f->protocol, s, len))
			return false;
	} else {
		if (!text_cell_uint(&v, text_number_max(field), s, len))
			return false;
		text_set_number(f, field, v);
	}
	f->present |= FF_BIT(field);
	return true;
}

static bool cell_address(struct ff_flow *f, unsigned field, const char *s, size_t len)
{
	struct ff_addr *a = field == FF_SIP   ? &f->sip
			    : field == FF_DIP ? &f->dip
					      : &f->nhip;

	if (!text_cell_addr(a, s, len))
		return false;
	f->present |= FF_BIT(field);
	/* rwcut prints an address of an IPv6 record with colons, mapped ones too */
	f->is_v6_record |= field != FF_NHIP && memchr(s, ':', len) != NULL;
	return true;
}

static bool cell_letters(struct ff_flow *f, unsigned field, const char *s, size_t len)
{
	uint8_t *out = field == FF_FLAGS	   ? &f->flags
		       : field == FF_INITIAL_FLAGS ? &f->initial_flags
		       : field == FF_SESSION_FLAGS ? &f->session_flags
						   : &f->attributes;
	bool ok;

	if (len == 1 && s[0] == '-')
		return true;
	ok = field == FF_ATTRIBUTES ? ff_parse_attributes(out, s, len)
				    : cell_flags(out, s, len);
	if (ok)
		f->present |= FF_BIT(field);
	return ok;
}

bool text_cell_any(struct text_cursor *c, struct ff_flow *f, unsigned field,
		   const char *s, size_t len)
{
	bool ok;

	switch (field) {
	case FF_FLAGS:
	case FF_INITIAL_FLAGS:
	case FF_SESSION_FLAGS:
	case FF_ATTRIBUTES:
		return cell_letters(f, field, s, len);
	default:
		break;
	}
	if (len == 0 || (len == 1 && s[0] == '-'))
		return field != FF_SIP && field != FF_DIP && field != FF_STIME;
	switch (field) {
	case FF_SIP:
	case FF_DIP:
	case FF_NHIP:
		return cell_address(f, field, s, len);
	case FF_STIME:
	case FF_ETIME:
		ok = text_cell_time(field == FF_STIME ? &f->start_ns : &f->end_ns, s,
				    len);
		break;
	case FF_DURATION:
		ok = text_cell_duration(&c->duration_ns, s, len);
		break;
	case FF_SENSOR:
		return cell_sensor(c, f, s, len);
	case FF_FLOWTYPE:
		c->type_name = (struct text_cell){s, len};
		return true;
	case TEXT_CLASS:
		c->class_name = (struct text_cell){s, len};
		return true;
	default:
		return cell_number(f, field, s, len);
	}
	if (ok)
		f->present |= FF_BIT(field);
	return ok;
}
