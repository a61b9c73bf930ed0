/* SPDX-License-Identifier: MIT */
/* number_format - numbers to text, without locale. */
#include <flowfig/base.h>

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static char *number_copy(char *buf, size_t cap, const char *text, size_t len)
{
	if (cap == 0)
		return buf;
	if (len > cap - 1)
		len = cap - 1;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return buf;
}

size_t ff_put_u64(char *dst, uint64_t v)
{
	static const char pairs[] = "0001020304050607080910111213141516171819"
				    "2021222324252627282930313233343536373839"
				    "4041424344454647484950515253545556575859"
				    "6061626364656667686970717273747576777879"
				    "8081828384858687888990919293949596979899";
	char text[20], *p = text + sizeof(text);
	size_t len;

	for (; v >= 100; v /= 100)
		memcpy(p -= 2, pairs + 2 * (v % 100), 2);
	if (v >= 10)
		memcpy(p -= 2, pairs + 2 * v, 2);
	else
		*--p = (char)('0' + v);
	len = (size_t)(text + sizeof(text) - p);
	memcpy(dst, p, len);
	return len;
}

char *ff_format_u64(char *buf, size_t cap, uint64_t v)
{
	char text[20];

	return number_copy(buf, cap, text, ff_put_u64(text, v));
}

char *ff_format_thousands(char *buf, size_t cap, uint64_t v)
{
	char digits[20], text[27];
	size_t len = ff_put_u64(digits, v), i, at = 0;

	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	return number_copy(buf, cap, text, at);
}

/* Writes v/unit as an exact decimal; 0 if it takes more than nine digits. */
static size_t number_put_ratio(char *dst, uint64_t v, uint64_t unit)
{
	size_t len = ff_put_u64(dst, v / unit);
	uint64_t rest = v % unit;
	int digits;

	if (rest)
		dst[len++] = '.';
	for (digits = 0; rest && digits < 9; digits++) {
		dst[len++] = (char)('0' + rest * 10 / unit);
		rest = rest * 10 % unit;
	}
	return rest ? 0 : len;
}

char *ff_format_duration(char *buf, size_t cap, int64_t ns)
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = {
		{"d", FF_DAY}, {"h", FF_HOUR}, {"m", 60 * FF_SEC}, {"s", FF_SEC},
		{"ms", FF_MS}, {"us", 1000},   {"ns", 1},
	};
	uint64_t v = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
	char best[40] = "0s", text[40];
	size_t best_len = 2, i;
	bool found = false, is_whole = false;

	for (i = 0; v && i < sizeof(units) / sizeof(units[0]); i++) {
		uint64_t unit = (uint64_t)units[i].ns;
		size_t sign = ns < 0, len;

		if (v < unit)
			continue;
		text[0] = '-';
		len = number_put_ratio(text + sign, v, unit);
		if (len == 0)
			continue;
		strcpy(text + sign + len, units[i].name);
		len = strlen(text);
		/* of equal length the whole number: 150m rather than 2.5h */
		if (!found || len < best_len ||
		    (len == best_len && !is_whole && v % unit == 0)) {
			memcpy(best, text, len + 1);
			best_len = len;
			is_whole = v % unit == 0;
			found = true;
		}
	}
	return number_copy(buf, cap, best, best_len);
}

char *ff_format_size(char *buf, size_t cap, uint64_t bytes)
{
	static const char units[][3] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	uint64_t unit = 1, tenth, tenths, whole;
	size_t len, i = 0;
	char text[32];

	/* up while the rounded number would have four digits */
	while (i < 6 &&
	       bytes / unit + (bytes % unit >= unit - unit / 2 && unit > 1) >= 1000) {
		unit *= 1000;
		i++;
	}
	tenth = unit / 10;
	tenths = i ? bytes / tenth + (bytes % tenth >= tenth / 2) : bytes * 10;
	whole = bytes / unit + (i && bytes % unit >= unit / 2);
	if (i && tenths < 1000) {
		len = ff_put_u64(text, tenths / 10);
		text[len++] = '.';
		text[len++] = (char)('0' + tenths % 10);
	} else {
		len = ff_put_u64(text, whole);
	}
	text[len++] = ' ';
	strcpy(text + len, units[i]);
	return number_copy(buf, cap, text, strlen(text));
}

/* printf's decimal point follows the locale of the thread. */
static size_t number_print(char *text, size_t cap, double v, int digits)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	locale_t old = uselocale(c);
	int len = snprintf(text, cap, "%.*g", digits, v);

	uselocale(old);
	if (c)
		freelocale(c);
	return len < 0 ? 0 : (size_t)len < cap ? (size_t)len : cap - 1;
}

char *ff_format_g(char *buf, size_t cap, double v, int digits)
{
	char text[400];

	return number_copy(buf, cap, text, number_print(text, sizeof(text), v, digits));
}

/* Few decimals are the usual case: if m / 10^k with both exact gives v back, then m, k is
 * v's shortest text, for at most 15 digits name no two doubles. 0 when that fails. */
static size_t number_put_short(char *dst, double v)
{
	static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
	double magnitude = fabs(v), m;
	char digits[20];
	size_t len, at = 0, k;

	if (!(magnitude < 1e9))
		return 0;
	for (k = 0; k < 7; k++) {
		m = nearbyint(magnitude * scales[k]);
		if (m / scales[k] == magnitude)
			break;
	}
	/* below 0.0001 the exponent form is shorter: leave it to printf */
	if (k == 7 || (m != 0 && magnitude < 1e-4))
		return 0;
	if (signbit(v) && m != 0)
		dst[at++] = '-';
	len = ff_put_u64(digits, (uint64_t)m);
	if (len <= k) { /* 0.00012 */
		dst[at++] = '0';
		dst[at++] = '.';
		memset(dst + at, '0', k - len);
		at += k - len;
		memcpy(dst + at, digits, len);
		return at + len;
	}
	memcpy(dst + at, digits, len - k);
	at += len - k;
	if (k) {
		dst[at++] = '.';
		memcpy(dst + at, digits + len - k, k);
		at += k;
	}
	return at;
}

char *ff_format_double(char *buf, size_t cap, double v)
{
	char text[40];
	size_t len;
	int digits;

	if (isnan(v))
		return number_copy(buf, cap, "nan", 3);
	if (isinf(v))
		return number_copy(buf, cap, v < 0 ? "-inf" : "inf", v < 0 ? 4 : 3);
	len = number_put_short(text, v);
	for (digits = 15; len == 0 && digits <= 17; digits++) {
		double back;

		len = number_print(text, sizeof(text), v, digits);
		if (digits < 17 &&
		    (!ff_parse_double(&back, text + signbit(v), len - !!signbit(v)) ||
		     back != fabs(v)))
			len = 0;
	}
	return number_copy(buf, cap, text, len);
}
