/* SPDX-License-Identifier: MIT */
/* base - what every layer stands on: status and error text, checked memory, byte
 * buffers, numbers, durations and times in text, addresses and prefixes, hashing,
 * option tables, progress, threads. C and POSIX only.
 *
 * Conventions of the whole library: a fallible function returns FF_OK or a negative
 * enum ff_status, writes its result through the first argument and only on success,
 * and takes `struct ff_err *err` (may be NULL) last. Iterators return > 0 items, 0 at
 * the end, < 0 on error. The lowest level that knows file and offset writes the
 * message; upper levels pass it on. Library code never prints, exits, or reads the
 * environment or the clock. */
#ifndef FLOWFIG_BASE_H
#define FLOWFIG_BASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FF_VERSION "0.1.0"

/* ---- status and error text ---- */

enum ff_status {
	FF_OK = 0,
	FF_ENOMEM = -1,	 /* memory ran out */
	FF_EIO = -2,	 /* the system refused a read, a write, an open */
	FF_EFORMAT = -3, /* the bytes are not what their format says */
	FF_EUSAGE = -4,	 /* the caller's words (option, selection) are wrong */
	FF_ELIMIT = -5,	 /* a stated limit would be passed */
	FF_EABSENT = -6, /* a field was asked for that the input does not carry */
	FF_EINTR = -7,	 /* interrupted by the user */
};

struct ff_err {
	enum ff_status status;
	char text[240]; /* NUL-terminated; lower case, subject in quotes, no full stop */
};

/* Sets *err (when not NULL) and returns `status`, so that callers can write
 * `return ff_fail(err, FF_EFORMAT, "...")`. Longer text is cut at a UTF-8 boundary. */
int ff_fail(struct ff_err *err, enum ff_status status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same with ": " and the text of `errnum` appended; status is FF_EIO, or
 * FF_ENOMEM for ENOMEM, or FF_EINTR for EINTR. */
int ff_fail_errno(struct ff_err *err, int errnum, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int ff_fail_nomem(struct ff_err *err);

/* ---- memory ----
 * All allocation of the library goes through these. Sizes are count x size, checked for
 * overflow. NULL on failure (and never for zero bytes, which give a unique pointer). */

void *ff_alloc(size_t count, size_t size);
void *ff_calloc(size_t count, size_t size);
void *ff_realloc(void *p, size_t count, size_t size); /* p stays valid on failure */
char *ff_strdup(const char *s);
char *ff_strndup(const char *s, size_t len);
void ff_free(void *p); /* NULL allowed */
/* For a program to call first of all, before there are threads: memory then comes in
 * pages of 2 MiB where the system has them. Touched for the first time, 100 MB in pages
 * of 4 KiB cost 50 ms. */
void ff_alloc_large_pages(void);
/* Built with -DFF_TEST_ALLOC (BUILD=debug, asan): the n-th allocation from now fails, and
 * every later one too; 0 = none fails. Returns how many were asked for since last call.
 * Without FF_TEST_ALLOC nothing fails and 0 is returned. */
uint64_t ff_alloc_fail_after(uint64_t n);

/* Grows array *p of *cap items so that it holds at least `need` (doubling). */
int ff_grow(void *p_to_pointer, size_t *cap, size_t need, size_t size,
	    struct ff_err *err);

/* ---- byte buffer: owned, grows, remembers that memory ran out ---- */

struct ff_buf {
	uint8_t *data; /* always NUL-terminated past len once anything was added */
	size_t len, cap;
	bool failed; /* sticky: an addition ran out of memory; check once at the end */
};
#define FF_BUF_INIT               \
	{                         \
		NULL, 0, 0, false \
	}

void ff_buf_release(struct ff_buf *b);
void ff_buf_clear(struct ff_buf *b); /* keeps the memory, clears `failed` */
void ff_buf_add(struct ff_buf *b, const void *data, size_t len);
void ff_buf_adds(struct ff_buf *b, const char *s);
void ff_buf_addc(struct ff_buf *b, char c);
void ff_buf_addf(struct ff_buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int ff_buf_reserve(struct ff_buf *b, size_t room); /* FF_OK or FF_ENOMEM */
const char *ff_buf_str(const struct ff_buf *b);	   /* "" when empty */

/* ---- text to numbers; whole text must match, no signs, no spaces ---- */

bool ff_parse_u64(uint64_t *out, const char *s, size_t len);
bool ff_parse_double(double *out, const char *s,
		     size_t len); /* decimal or exponent, locale-free */
/* "30s" "5m" "1h" "1d" "7d" "1.5h" "250ms": nanoseconds, > 0. */
bool ff_parse_duration(int64_t *out_ns, const char *s);
/* "64", "64k" "512M" "4G" (powers of 1024, optional B or iB): bytes. */
bool ff_parse_size(uint64_t *out, const char *s);

/* ---- numbers to text; every function writes at most `cap` bytes and returns buf ---- */

char *ff_format_u64(char *buf, size_t cap, uint64_t v);	      /* 1714351 */
char *ff_format_thousands(char *buf, size_t cap, uint64_t v); /* 1,714,351 */
char *ff_format_duration(char *buf, size_t cap,
			 int64_t ns); /* 1h, 30s, 12h, 7d: shortest exact */
char *ff_format_size(char *buf, size_t cap, uint64_t bytes);	/* 12.3 MB (decimal) */
char *ff_format_g(char *buf, size_t cap, double v, int digits); /* %.*g, locale-free */
/* The shortest text that reads back as the same double: 0.1, 1e+20, nan, -inf. */
char *ff_format_double(char *buf, size_t cap, double v);
/* For fast writers: the digits without NUL into at least 20 bytes; returns how many. */
size_t ff_put_u64(char *dst, uint64_t v);

/* ---- time: int64_t nanoseconds since 1970-01-01 00:00 UTC, proleptic Gregorian ---- */

#define FF_SEC INT64_C(1000000000)
#define FF_MS INT64_C(1000000)
#define FF_HOUR (3600 * FF_SEC)
#define FF_DAY (24 * FF_HOUR)

struct ff_date {
	int year, month, day;	  /* month 1..12, day 1..31 */
	int hour, minute, second; /* UTC */
	int nanosecond;
	int weekday; /* 0 = Sunday */
};
int64_t ff_time_from_date(const struct ff_date *d); /* weekday ignored; fields in range */
void ff_date_from_time(struct ff_date *out, int64_t ns);
extern const char *const ff_month_names[12]; /* "January" ... */
extern const char *const ff_month_short[12]; /* "Jan" ... */

/* How much of a date was written, so that a range end can be filled up. */
enum ff_time_precision {
	FF_TIME_DAY,
	FF_TIME_HOUR,
	FF_TIME_MINUTE,
	FF_TIME_SECOND,
	FF_TIME_FRACTION,
};
/* Parses YYYY/MM/DD[:HH[:MM[:SS[.frac]]]] (SiLK; 'T' or a space for the first ':', '-'
 * for '/', a final 'Z' allowed) or epoch seconds [.frac]. Frac has up to 9 digits.
 * *precision may be NULL. False if it is no time or a field is out of range. */
bool ff_parse_time(int64_t *out_ns, enum ff_time_precision *precision, const char *s,
		   size_t len);
/* "UTC", "Z", "+02:00", "-0330", NULL as UTC: offset in ns, at most 14:59 hours. */
int ff_parse_tz(int64_t *out_ns, const char *tz, struct ff_err *err);
/* 2006-04-01T00:00:00Z, with .123 / .123456 / .123456789 when the fraction is not zero */
char *ff_format_time(char *buf, size_t cap, int64_t ns);
#define FF_TIME_TEXT 32 /* bytes that hold any */
/* The same without NUL into FF_TIME_TEXT bytes; returns the length. */
size_t ff_put_time(char *dst, int64_t ns);

/* ---- integers out of unaligned bytes; here, so that a constant `big` costs nothing ----
 */

static inline uint16_t ff_get_u16(const uint8_t *p, bool big)
{
	return (uint16_t)(big ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}
static inline uint32_t ff_get_u32(const uint8_t *p, bool big)
{
	if (big)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
		       p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}
static inline uint64_t ff_get_u64(const uint8_t *p, bool big)
{
	if (big)
		return (uint64_t)ff_get_u32(p, true) << 32 | ff_get_u32(p + 4, true);
	return (uint64_t)ff_get_u32(p + 4, false) << 32 | ff_get_u32(p, false);
}

/* ---- addresses: 16 bytes, network order; IPv4 is v4-mapped (::ffff:a.b.c.d) ---- */

struct ff_addr {
	uint8_t b[16];
};
struct ff_prefix {
	struct ff_addr addr; /* host bits zero */
	uint8_t bits;	     /* 0..128; an IPv4 /n is 96 + n */
};
#define FF_ADDR_TEXT 48 /* bytes that hold any address or prefix as text */

static const uint8_t ff_addr_v4_head[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static inline bool ff_addr_is_v4(const struct ff_addr *a) /* within ::ffff:0:0/96 */
{
	return memcmp(a->b, ff_addr_v4_head, sizeof(ff_addr_v4_head)) == 0;
}
static inline struct ff_addr ff_addr_from_v4(uint32_t host_order)
{
	struct ff_addr a;

	memcpy(a.b, ff_addr_v4_head, sizeof(ff_addr_v4_head));
	a.b[12] = (uint8_t)(host_order >> 24);
	a.b[13] = (uint8_t)(host_order >> 16);
	a.b[14] = (uint8_t)(host_order >> 8);
	a.b[15] = (uint8_t)host_order;
	return a;
}
static inline uint32_t
ff_addr_to_v4(const struct ff_addr *a) /* host order; the last 4 bytes */
{
	return ff_get_u32(a->b + 12, true);
}
/* Byte order; v4-mapped apart from v6. */
static inline int ff_addr_cmp(const struct ff_addr *a, const struct ff_addr *b)
{
	return memcmp(a->b, b->b, sizeof(a->b));
}
/* Dotted quad (leading zeros are padding) or RFC 4291; a plain decimal number is no
 * address. */
bool ff_parse_addr(struct ff_addr *out, const char *s, size_t len);
/* "10.0.0.0/8", "2001:db8::/32", or an address (full length). Host bits are cleared. */
bool ff_parse_prefix(struct ff_prefix *out, const char *s, size_t len);
bool ff_prefix_has(const struct ff_prefix *p, const struct ff_addr *a);
/* The prefix and its mask as the words of an address in memory: an address `a` lies in it
 * when ((a[i] ^ net[i]) & mask[i]) == 0 for both words. */
void ff_prefix_words(uint64_t net[2], uint64_t mask[2], const struct ff_prefix *p);
char *ff_format_addr(char *buf, size_t cap, const struct ff_addr *a); /* RFC 5952 */
/* The same without NUL into FF_ADDR_TEXT bytes; returns the length. */
size_t ff_put_addr(char *dst, const struct ff_addr *a);
char *ff_format_prefix(char *buf, size_t cap,
		       const struct ff_prefix *p); /* 198.18.4.0/22 */

/* ---- names of ports and protocols; at most `cap` bytes are written, buf is returned
 * ----
 */

#define FF_SERVICE_TEXT 64 /* bytes that hold any name */

/* "http" of port 80 over protocol 6 (TCP) or 17 (UDP); 0 = over either; "" when it has
 * none. The commonest are known everywhere, others as the system's services database
 * tells. Safe in threads. */
char *ff_service_name(char *buf, size_t cap, unsigned port, unsigned protocol);
/* "TCP" of 6, "ICMPv6" of 58; "" for those that are rarely seen. */
char *ff_protocol_name(char *buf, size_t cap, unsigned protocol);

/* ---- hashing ---- */

static inline uint64_t
ff_mix64(uint64_t x) /* splitmix64 finaliser (Steele et al. 2014) */
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}
/* XXH64: the same on every machine, so it may be stored. */
uint64_t ff_hash_bytes(const void *data, size_t len, uint64_t seed);

/* Puts n items of `size` bytes into the order of the uint64_t that each has at `offset`,
 * largest first; equal ones keep their order. */
int ff_sort_falling(void *items, size_t n, size_t size, size_t offset,
		    struct ff_err *err);

/* ---- option tables: one row serves parsing, defaults, ranges, help and the manual ----
 */

enum ff_opt_kind {
	FF_OPT_FLAG,	 /* bool; --name, --no-name */
	FF_OPT_UINT,	 /* uint64_t within min..max */
	FF_OPT_DOUBLE,	 /* double within min..max */
	FF_OPT_STRING,	 /* const char *, borrowed from the caller's words */
	FF_OPT_CHOICE,	 /* int: index into choices */
	FF_OPT_DURATION, /* int64_t nanoseconds */
	FF_OPT_SIZE,	 /* uint64_t bytes */
	FF_OPT_TIME,	 /* int64_t ns; INT64_MIN when not given */
	FF_OPT_LIST,	 /* struct ff_strings; may be given many times */
	FF_OPT_CALL,	 /* set() is called with the value */
};
struct ff_strings {
	const char **items; /* the texts are borrowed */
	size_t count, cap;
};
struct ff_opt {
	const char *name; /* long name without dashes; NULL ends a table */
	char letter;	  /* short form, or 0 */
	enum ff_opt_kind kind;
	const char *arg; /* word for the value in help, e.g. "CIDR"; NULL for flags */
	const char
		*help; /* one sentence without full stop; NULL hides the row from help */
	size_t offset; /* of the member in the parameters; unused by FF_OPT_CALL */
	const char *def;	    /* default in text form, or NULL */
	double min, max;	    /* for UINT and DOUBLE; both 0 = any */
	const char *const *choices; /* NULL-terminated, for CHOICE */
	/* for CALL: `params` is the group's; name tells which row was used */
	int (*set)(void *params, const char *name, const char *value, struct ff_err *err);
	/* for CALL with an arg: the value may be left out (set() is called with NULL),
	 * and is only taken when it is written with "=" */
	bool optional;
};
/* A table and the struct it fills. */
struct ff_opt_group {
	const char *title; /* heading in help, e.g. "Selection" */
	const struct ff_opt *opts;
	void *params;
	size_t *given; /* NULL, or counts how many options of this table were given */
};
/* Fills params with the defaults of the table: zero (TIME: INT64_MIN) without one; a CALL
 * row with a default is called with it; a LIST starts empty (release it before a reset).
 */
int ff_opts_defaults(const struct ff_opt *opts, void *params, struct ff_err *err);
/* Sets one option by name, as `--name=value` would; value NULL for a bare flag. */
int ff_opts_set(const struct ff_opt *opts, void *params, const char *name,
		const char *value, struct ff_err *err);
/* Parses argv[0..argc) (without program and command name) GNU-style over all groups:
 * --name=value, --name value, unambiguous prefixes, -x value, -xvalue, `--`, any order.
 * An exact name wins over prefixes. What is no option goes to *rest in order. Errors are
 * FF_EUSAGE, name the word and suggest the nearest option. */
int ff_opts_parse(const struct ff_opt_group *groups, size_t ngroups, int argc,
		  char *const *argv, struct ff_strings *rest, struct ff_err *err);
/* Help text of one group: "  --name=ARG   help (default X)" wrapped to 80 columns. */
void ff_opts_help(struct ff_buf *out, const struct ff_opt_group *group);
int ff_strings_add(struct ff_strings *s, const char *borrowed, struct ff_err *err);
void ff_strings_release(struct ff_strings *s);
/* Of `count` words the one nearest to `word` by edit distance, or NULL when none is near.
 */
const char *ff_nearest(const char *word, const char *const *words, size_t count);

/* ---- progress: the driver reports, the command line shows ---- */

struct ff_progress {
	void (*show)(void *arg, uint64_t records, uint64_t bytes_done,
		     uint64_t bytes_total);
	void *arg; /* bytes_total 0 = unknown. Called from one thread at a time. */
};

/* ---- threads ---- */

/* Runs fn(arg, i) for i in 0..n-1, each on its own thread (i = 0 on the caller's), and
 * waits. Returns FF_OK or the status of the lowest i that failed, with its message. If a
 * thread cannot be started, fewer run and the rest of the indices run in turn. */
int ff_parallel(unsigned n, int (*fn)(void *arg, unsigned i, struct ff_err *err),
		void *arg, struct ff_err *err);
/* Starts fn(arg) on a thread of its own, for work that may go on beside the caller's.
 * When none can be had fn runs at once. *out, NULL then too, is for ff_task_wait(). */
struct ff_task;
void ff_task_start(struct ff_task **out, void (*fn)(void *arg), void *arg);
void ff_task_wait(struct ff_task *t); /* until fn has returned; NULL allowed */
unsigned ff_cpu_count(void);	      /* >= 1, processors this process may use */

#endif
