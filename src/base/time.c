/* SPDX-License-Identifier: MIT */
/* time - dates and their text. Days are counted as in Howard Hinnant's "chrono-compatible
 * low-level date algorithms": years begin in March, so that a leap day is the last. */
#include <flowfig/base.h>

#include <stdio.h>
#include <string.h>

const char *const ff_month_names[12] = {
	"January", "February", "March",	    "April",   "May",	   "June",
	"July",	   "August",   "September", "October", "November", "December",
};
const char *const ff_month_short[12] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

static int64_t time_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era =
		year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

/* 64 bits of nanoseconds reach from 1677-09-21 to 2262-04-11: false outside. */
static bool time_join(int64_t *out, int64_t days, int64_t second_of_day, int64_t ns)
{
	const int64_t limit = INT64_MAX / FF_DAY;
	int64_t rest = second_of_day * FF_SEC + ns;

	if (days > limit || days < -limit - 1)
		return false;
	if (days >= 0) {
		if (rest > INT64_MAX - days * FF_DAY)
			return false;
		*out = days * FF_DAY + rest;
		return true;
	}
	/* one day nearer to 1970, so that the product fits */
	if (rest - FF_DAY < INT64_MIN - (days + 1) * FF_DAY)
		return false;
	*out = (days + 1) * FF_DAY + (rest - FF_DAY);
	return true;
}

int64_t ff_time_from_date(const struct ff_date *d)
{
	int64_t days = time_days(d->year, d->month, d->day), ns;

	if (!time_join(&ns, days, d->hour * 3600 + d->minute * 60 + d->second,
		       d->nanosecond))
		return days < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}

void ff_date_from_time(struct ff_date *out, int64_t ns)
{
	int64_t days = ns / FF_DAY - (ns % FF_DAY < 0);
	int64_t rest = ns % FF_DAY + (ns % FF_DAY < 0 ? FF_DAY : 0);
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned march_month = (5 * doy + 2) / 153; /* 0 = March */
	unsigned seconds = (unsigned)(rest / FF_SEC);

	out->month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
	out->year = (int)(era * 400 + yoe) + (out->month <= 2);
	out->day = (int)(doy - (153 * march_month + 2) / 5 + 1);
	out->hour = (int)(seconds / 3600);
	out->minute = (int)(seconds / 60 % 60);
	out->second = (int)(seconds % 60);
	out->nanosecond = (int)(rest % FF_SEC);
	out->weekday = (int)((days % 7 + 7 + 4) % 7); /* 1970-01-01 was a Thursday */
}

/* ---- text to time ---- */

/* `count` digits; -1 if one is none. */
static int time_digits(const char *s, int count)
{
	int v = 0, i;

	for (i = 0; i < count; i++) {
		unsigned digit = (unsigned char)s[i] - (unsigned)'0';

		if (digit > 9)
			return -1;
		v = v * 10 + (int)digit;
	}
	return v;
}

/* ".123" of 1 to 9 digits up to `end`: nanoseconds, -1 if it is none. */
static int time_fraction(const char *s, const char *end)
{
	size_t len = (size_t)(end - s);
	int v, i;

	if (len < 2 || len > 10 || s[0] != '.')
		return -1;
	v = time_digits(s + 1, (int)len - 1);
	for (i = (int)len - 1; v > 0 && i < 9; i++)
		v *= 10;
	return v;
}

static bool time_parse_epoch(int64_t *out_ns, enum ff_time_precision *precision,
			     const char *s, const char *end)
{
	const char *point = memchr(s, '.', (size_t)(end - s));
	uint64_t seconds;
	int ns = 0;

	if (!ff_parse_u64(&seconds, s, (size_t)((point ? point : end) - s)) ||
	    seconds > INT64_MAX / FF_SEC - 1)
		return false;
	if (point)
		ns = time_fraction(point, end);
	if (ns < 0)
		return false;
	*out_ns = (int64_t)seconds * FF_SEC + ns;
	*precision = point ? FF_TIME_FRACTION : FF_TIME_SECOND;
	return true;
}

static bool time_date_is_real(int year, int month, int day)
{
	static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= lengths[month - 1] + (month == 2 && leap);
}

/* "HH[:MM[:SS[.frac]]]" in s..end. */
static bool time_parse_clock(int clock[4], enum ff_time_precision *precision,
			     const char *s, const char *end)
{
	static const int limits[3] = {24, 60, 60};
	int i;

	for (i = 0; i < 3; i++, s += 3) {
		if (end - s < 2)
			return false;
		clock[i] = time_digits(s, 2);
		if (clock[i] < 0 || clock[i] >= limits[i])
			return false;
		*precision = (enum ff_time_precision)(FF_TIME_HOUR + i);
		if (end - s == 2)
			return true;
		if (i < 2 && s[2] != ':')
			return false;
	}
	clock[3] = time_fraction(s - 1, end);
	*precision = FF_TIME_FRACTION;
	return clock[3] >= 0;
}

bool ff_parse_time(int64_t *out_ns, enum ff_time_precision *precision, const char *s,
		   size_t len)
{
	enum ff_time_precision seen = FF_TIME_DAY;
	const char *end = s + len;
	int clock[4] = {0, 0, 0, 0}, year, month, day;
	int64_t ns;

	if (len < 10 || (s[4] != '/' && s[4] != '-')) {
		if (!time_parse_epoch(&ns, &seen, s, end))
			return false;
		goto found;
	}
	if (end[-1] == 'Z')
		end--;
	if (end - s < 10 || s[7] != s[4])
		return false;
	year = time_digits(s, 4);
	month = time_digits(s + 5, 2);
	day = time_digits(s + 8, 2);
	if (year < 0 || !time_date_is_real(year, month, day))
		return false;
	if (end - s > 10) {
		if (s[10] != ':' && s[10] != 'T' && s[10] != ' ')
			return false;
		if (!time_parse_clock(clock, &seen, s + 11, end))
			return false;
	}
	/* INT64_MIN stands for "no time" in the option tables */
	if (!time_join(&ns, time_days(year, month, day),
		       clock[0] * 3600 + clock[1] * 60 + clock[2], clock[3]) ||
	    ns == INT64_MIN)
		return false;
found:
	*out_ns = ns;
	if (precision)
		*precision = seen;
	return true;
}

/* ---- time to text ---- */

static void time_put(char *dst, unsigned v, int digits)
{
	while (digits-- > 0) {
		dst[digits] = (char)('0' + v % 10);
		v /= 10;
	}
}

size_t ff_put_time(char *dst, int64_t ns)
{
	static const char form[] = "0000-00-00T00:00:00.000000000";
	struct ff_date d;
	size_t len = 19;

	ff_date_from_time(&d, ns);
	memcpy(dst, form, sizeof(form) - 1);
	time_put(dst, (unsigned)d.year, 4); /* 1677 to 2262 */
	time_put(dst + 5, (unsigned)d.month, 2);
	time_put(dst + 8, (unsigned)d.day, 2);
	time_put(dst + 11, (unsigned)d.hour, 2);
	time_put(dst + 14, (unsigned)d.minute, 2);
	time_put(dst + 17, (unsigned)d.second, 2);
	if (d.nanosecond) {
		unsigned n = (unsigned)d.nanosecond;
		int digits = n % 1000000 == 0 ? 3 : n % 1000 == 0 ? 6 : 9;

		time_put(dst + 20,
			 digits == 3   ? n / 1000000
			 : digits == 6 ? n / 1000
				       : n,
			 digits);
		len = 20 + (size_t)digits;
	}
	dst[len++] = 'Z';
	return len;
}

char *ff_format_time(char *buf, size_t cap, int64_t ns)
{
	char text[FF_TIME_TEXT];
	size_t len = ff_put_time(text, ns);

	if (cap == 0)
		return buf;
	if (len > cap - 1)
		len = cap - 1;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return buf;
}

int ff_parse_tz(int64_t *out_ns, const char *tz, struct ff_err *err)
{
	int sign, h, m = 0, used = 0;

	if (!tz || !tz[0] || strcmp(tz, "UTC") == 0 || strcmp(tz, "Z") == 0) {
		*out_ns = 0;
		return FF_OK;
	}
	sign = tz[0] == '-' ? -1 : 1;
	if ((tz[0] == '+' || tz[0] == '-') &&
	    ((sscanf(tz + 1, "%2d:%2d%n", &h, &m, &used) == 2 && tz[1 + used] == '\0') ||
	     (sscanf(tz + 1, "%2d%2d%n", &h, &m, &used) == 2 && tz[1 + used] == '\0') ||
	     (m = 0, sscanf(tz + 1, "%2d%n", &h, &used) == 1 && tz[1 + used] == '\0')) &&
	    h >= 0 && h <= 14 && m >= 0 && m < 60) {
		*out_ns = sign * (h * FF_HOUR + m * 60 * FF_SEC);
		return FF_OK;
	}
	return ff_fail(err, FF_EUSAGE,
		       "'%s' is no time zone: UTC or an offset such as +02:00", tz);
}
