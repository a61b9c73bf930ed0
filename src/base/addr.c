/* SPDX-License-Identifier: MIT */
/* addr - addresses and prefixes, and their text: RFC 4291 in, RFC 5952 out. */
#include <flowfig/base.h>

#include <string.h>

/* ---- text to address ---- */

/* Four decimal numbers; leading zeros are padding (rwcut --zero-pad-ips), not octal. */
static bool addr_parse_v4(uint32_t *out, const char *s, size_t len)
{
	const char *end = s + len;
	uint32_t v = 0;
	int i;

	for (i = 0; i < 4; i++) {
		unsigned part = 0;
		int digits = 0;

		if (i > 0 && (s == end || *s++ != '.'))
			return false;
		for (; s < end && *s >= '0' && *s <= '9'; s++, digits++)
			part = part * 10 + (unsigned)(*s - '0');
		if (digits < 1 || digits > 3 || part > 255)
			return false;
		v = v << 8 | part;
	}
	*out = v;
	return s == end;
}

static int addr_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Groups of RFC 4291 2.2; `gap` is where "::" stood, in bytes from the front. */
static bool addr_parse_v6(struct ff_addr *out, const char *s, size_t len)
{
	const char *end = s + len;
	struct ff_addr a = {{0}};
	size_t at = 0, gap = SIZE_MAX;

	if (len >= 2 && s[0] == ':' && s[1] == ':') {
		gap = 0;
		s += 2;
	}
	while (s < end && at < 16) {
		const char *group = s;
		unsigned v = 0;
		uint32_t v4;

		for (; s < end && s - group < 4 && addr_hex(*s) >= 0; s++)
			v = v << 4 | (unsigned)addr_hex(*s);
		if (s < end && *s == '.' && at <= 12) {
			if (!addr_parse_v4(&v4, group, (size_t)(end - group)))
				return false;
			memcpy(a.b + at, ff_addr_from_v4(v4).b + 12, 4);
			at += 4;
			s = end;
			break;
		}
		if (s == group)
			return false;
		a.b[at++] = (uint8_t)(v >> 8);
		a.b[at++] = (uint8_t)v;
		if (s == end)
			break;
		if (*s++ != ':' || s == end)
			return false;
		if (*s == ':') {
			if (gap != SIZE_MAX)
				return false;
			gap = at;
			s++;
		}
	}
	/* "::" stands for at least one group */
	if (s != end || (gap == SIZE_MAX ? at != 16 : at > 14))
		return false;
	if (gap != SIZE_MAX) {
		memmove(a.b + 16 - (at - gap), a.b + gap, at - gap);
		memset(a.b + gap, 0, 16 - at);
	}
	*out = a;
	return true;
}

bool ff_parse_addr(struct ff_addr *out, const char *s, size_t len)
{
	uint32_t v4;

	if (addr_parse_v4(&v4, s, len)) {
		*out = ff_addr_from_v4(v4);
		return true;
	}
	return addr_parse_v6(out, s, len);
}

/* ---- prefixes ---- */

static void addr_clear_host(struct ff_addr *a, unsigned bits)
{
	unsigned byte = bits / 8;

	if (byte >= 16)
		return;
	a->b[byte] &= (uint8_t)(0xff00 >> bits % 8);
	memset(a->b + byte + 1, 0, 16 - byte - 1);
}

bool ff_parse_prefix(struct ff_prefix *out, const char *s, size_t len)
{
	const char *slash = memchr(s, '/', len);
	size_t head = slash ? (size_t)(slash - s) : len;
	/* "::ffff:10.0.0.0/104" counts its bits as IPv6 */
	bool v6_text = memchr(s, ':', head) != NULL;
	struct ff_prefix p;
	uint64_t bits = v6_text ? 128 : 32;

	if (!ff_parse_addr(&p.addr, s, head))
		return false;
	if (slash &&
	    (len - head - 1 > 3 || !ff_parse_u64(&bits, slash + 1, len - head - 1)))
		return false;
	if (bits > (v6_text ? 128u : 32u))
		return false;
	p.bits = (uint8_t)(v6_text ? bits : bits + 96);
	addr_clear_host(&p.addr, p.bits);
	*out = p;
	return true;
}

bool ff_prefix_has(const struct ff_prefix *p, const struct ff_addr *a)
{
	unsigned byte = p->bits / 8, rest = p->bits % 8;

	if (memcmp(p->addr.b, a->b, byte) != 0)
		return false;
	return rest == 0 ||
	       ((p->addr.b[byte] ^ a->b[byte]) & (0xff00 >> rest) & 0xff) == 0;
}

void ff_prefix_words(uint64_t net[2], uint64_t mask[2], const struct ff_prefix *p)
{
	uint8_t ones[16] = {0};

	memset(ones, 0xff, p->bits / 8);
	if (p->bits % 8)
		ones[p->bits / 8] = (uint8_t)(0xff00 >> p->bits % 8);
	memcpy(net, p->addr.b, 16);
	memcpy(mask, ones, 16);
}

/* ---- address to text ---- */

static char *addr_put_hex(char *dst, unsigned group)
{
	static const char digits[] = "0123456789abcdef";
	int shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0;

	for (; shift >= 0; shift -= 4)
		*dst++ = digits[group >> shift & 15];
	return dst;
}

static char *addr_put_v4(char *dst, const uint8_t *b)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i)
			*dst++ = '.';
		dst += ff_put_u64(dst, b[i]);
	}
	return dst;
}

/* RFC 5952: the longest run of two or more zero groups, the first of equals, becomes "::"
 */
static char *addr_put_v6(char *dst, const uint8_t *b)
{
	int best = -1, best_len = 1, run = 0, i;

	for (i = 0; i < 8; i++) {
		run = b[2 * i] || b[2 * i + 1] ? 0 : run + 1;
		if (run > best_len) {
			best_len = run;
			best = i - run + 1;
		}
	}
	for (i = 0; i < 8; i++) {
		if (i == best) {
			*dst++ = ':';
			*dst++ = ':';
			i += best_len - 1;
			continue;
		}
		if (i > 0 && dst[-1] != ':')
			*dst++ = ':';
		dst = addr_put_hex(dst, (unsigned)b[2 * i] << 8 | b[2 * i + 1]);
	}
	return dst;
}

/* At most 39 bytes, no NUL; returns the end. */
static char *addr_put(char *dst, const struct ff_addr *a)
{
	return ff_addr_is_v4(a) ? addr_put_v4(dst, a->b + 12) : addr_put_v6(dst, a->b);
}

static char *addr_copy(char *buf, size_t cap, const char *text, size_t len)
{
	if (cap == 0)
		return buf;
	if (len > cap - 1)
		len = cap - 1;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return buf;
}

size_t ff_put_addr(char *dst, const struct ff_addr *a)
{
	return (size_t)(addr_put(dst, a) - dst);
}

char *ff_format_addr(char *buf, size_t cap, const struct ff_addr *a)
{
	char text[FF_ADDR_TEXT];

	return addr_copy(buf, cap, text, (size_t)(addr_put(text, a) - text));
}

char *ff_format_prefix(char *buf, size_t cap, const struct ff_prefix *p)
{
	char text[FF_ADDR_TEXT], *end = addr_put(text, &p->addr);
	bool v4 = p->bits >= 96 && ff_addr_is_v4(&p->addr);

	*end++ = '/';
	end += ff_put_u64(end, v4 ? p->bits - 96u : p->bits);
	return addr_copy(buf, cap, text, (size_t)(end - text));
}
