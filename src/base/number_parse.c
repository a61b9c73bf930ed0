/* SPDX-License-Identifier: MIT */
/* number_parse - text to numbers. Exact, without locale; the whole text must match. */
#include <flowfig/base.h>

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ff_parse_u64(uint64_t *out, const char *s, size_t len)
{
	uint64_t v = 0;
	size_t i;

	if (len == 0)
		return false;
	for (i = 0; i < len; i++) {
		unsigned digit = (unsigned char)s[i] - (unsigned)'0';

		if (digit > 9)
			return false;
		/* 18 digits always fit */
		if (i >= 18 && (v > UINT64_MAX / 10 || v * 10 > UINT64_MAX - digit))
			return false;
		v = v * 10 + digit;
	}
	*out = v;
	return true;
}

/* ---- doubles ---- */

/* A double is decided by at most 767 significant digits; what follows only tells
 * whether the value lies above. */
enum { NUMBER_DIGITS = 780 };

struct number_decimal {
	char digits[NUMBER_DIGITS +
		    24]; /* significant ones, then room for the exponent */
	size_t count;
	int64_t exponent; /* value = digits x 10^exponent */
	bool more;	  /* digits other than 0 were left out */
};

static bool number_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits from s[*at]; those after the point lower the exponent. */
static size_t number_read_digits(struct number_decimal *d, const char *s, size_t len,
				 size_t *at, bool after_point)
{
	size_t from = *at;

	for (; *at < len && number_is_digit(s[*at]); ++*at) {
		char c = s[*at];

		d->exponent -= after_point;
		if (c == '0' && d->count == 0)
			continue;
		if (d->count < NUMBER_DIGITS) {
			d->digits[d->count++] = c;
		} else {
			d->exponent++;
			d->more |= c != '0';
		}
	}
	return *at - from;
}

/* "e-12" at s[*at]; saturates far outside of what a double holds. */
static bool number_read_exponent(struct number_decimal *d, const char *s, size_t len,
				 size_t *at)
{
	bool negative = false;
	int64_t e = 0;
	size_t from;

	++*at;
	if (*at < len && (s[*at] == '-' || s[*at] == '+'))
		negative = s[(*at)++] == '-';
	for (from = *at; *at < len && number_is_digit(s[*at]); ++*at)
		if (e < INT64_C(1000000000000000000) / 10)
			e = e * 10 + (s[*at] - '0');
	d->exponent += negative ? -e : e;
	return *at > from;
}

static bool number_read(struct number_decimal *d, const char *s, size_t len)
{
	size_t at = 0, digits;

	d->count = 0;
	d->exponent = 0;
	d->more = false;
	digits = number_read_digits(d, s, len, &at, false);
	if (at < len && s[at] == '.') {
		at++;
		digits += number_read_digits(d, s, len, &at, true);
	}
	if (digits == 0)
		return false;
	if (at < len && (s[at] == 'e' || s[at] == 'E') &&
	    !number_read_exponent(d, s, len, &at))
		return false;
	return at == len;
}

/* strtod rounds right, but its decimal point follows the locale of the thread. */
static double number_strtod(const char *text)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	locale_t old = uselocale(c);
	double v = strtod(text, NULL);

	uselocale(old);
	if (c)
		freelocale(c);
	return v;
}

bool ff_parse_double(double *out, const char *s, size_t len)
{
	static const double powers[] = {1e0,  1e1,  1e2,  1e3,	1e4,  1e5,  1e6,  1e7,
					1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
					1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	struct number_decimal d;
	uint64_t whole = 0;
	double v;

	if (!number_read(&d, s, len))
		return false;
	/* both operands are exact doubles, so one operation rounds right (Clinger 1990)
	 */
	if (d.count <= 15 && d.exponent >= -22 && d.exponent <= 22) {
		if (d.count)
			ff_parse_u64(&whole, d.digits, d.count);
		*out = d.exponent < 0 ? (double)whole / powers[-d.exponent]
				      : (double)whole * powers[d.exponent];
		return true;
	}
	if (d.count == 0) {
		*out = 0;
		return true;
	}
	if (d.exponent > 400 ||
	    d.exponent < -2000) { /* past any double, small or large */
		*out = 0;
		return d.exponent < 0;
	}
	if (d.more) {
		d.digits[d.count++] = '1';
		d.exponent--;
	}
	d.digits[d.count] = 'e';
	d.digits[d.count + 1] = d.exponent < 0 ? '-' : '+';
	ff_format_u64(d.digits + d.count + 2, 8,
		      (uint64_t)(d.exponent < 0 ? -d.exponent : d.exponent));
	v = number_strtod(d.digits);
	if (!isfinite(v))
		return false;
	*out = v;
	return true;
}

/* ---- numbers with a unit ---- */

static const struct {
	const char *name;
	int64_t ns;
} number_durations[] = {
	{"ns", 1},	    {"us", 1000},   {"ms", FF_MS}, {"s", FF_SEC},
	{"m", 60 * FF_SEC}, {"h", FF_HOUR}, {"d", FF_DAY}, {"w", 7 * FF_DAY},
};

bool ff_parse_duration(int64_t *out_ns, const char *s)
{
	size_t whole = strspn(s, "0123456789"), part = 0, i;
	const char *digits = s + whole + 1, *unit = s + whole;
	uint64_t count, ns, step;

	if (s[whole] == '.') {
		part = strspn(digits, "0123456789");
		unit = digits + part;
		if (part == 0)
			return false;
	}
	for (i = 0; i < sizeof(number_durations) / sizeof(number_durations[0]); i++)
		if (strcmp(unit, number_durations[i].name) == 0)
			break;
	if (i == sizeof(number_durations) / sizeof(number_durations[0]) ||
	    !ff_parse_u64(&count, s, whole))
		return false;
	step = (uint64_t)number_durations[i].ns;
	if (count > INT64_MAX / step)
		return false;
	ns = count * step;
	for (i = 0; i < part; i++) {
		unsigned digit = (unsigned)(digits[i] - '0');

		if (step % 10 != 0 && digit != 0) /* finer than a nanosecond */
			return false;
		step /= 10;
		ns += digit * step;
	}
	if (ns == 0 || ns > INT64_MAX)
		return false;
	*out_ns = (int64_t)ns;
	return true;
}

bool ff_parse_size(uint64_t *out, const char *s)
{
	static const char units[] = "kmgtpe";
	size_t len = strspn(s, "0123456789.");
	const char *rest = s + len, *unit;
	unsigned shift = 0;
	uint64_t whole;
	double part;

	if (*rest) {
		unit = strchr(units,
			      *rest >= 'A' && *rest <= 'Z' ? *rest - 'A' + 'a' : *rest);
		if (unit) {
			shift = 10 * (unsigned)(unit - units + 1);
			rest += rest[1] == 'i' ? 2 : 1;
			if (rest[-1] == 'i' && *rest != 'B')
				return false;
		}
		if (*rest == 'B')
			rest++;
		if (*rest)
			return false;
	}
	if (ff_parse_u64(&whole, s, len)) {
		if (whole > UINT64_MAX >> shift)
			return false;
		*out = whole << shift;
		return true;
	}
	/* 1.5G; a part of a byte makes no sense */
	if (shift == 0 || !ff_parse_double(&part, s, len))
		return false;
	part *= (double)(UINT64_C(1) << shift);
	if (part >= 9e18)
		return false;
	*out = (uint64_t)part;
	return true;
}
