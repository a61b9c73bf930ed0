/* SPDX-License-Identifier: MIT */
/* input - a source gives batches of flows from a file, a pipe or memory. One .c per
 * format; the format is found by content.
 *
 * Reading has two stages so that threads can share one big file. fetch() claims the next
 * block of the input and runs under the source's lock; decode() turns a claimed
 * block into flows and runs on many threads at once. Each thread owns a lane. */
#ifndef FLOWFIG_INPUT_H
#define FLOWFIG_INPUT_H

#include <flowfig/base.h>
#include <flowfig/file.h>
#include <flowfig/flow.h>

struct ff_input_opts {
	const char *format; /* forced format name, or NULL */
	const char
		*columns; /* text: "sip=src,dip=dst,stime=ts" (field=header), or the order
			   * of a file without titles "sip,dip,-,stime"; or NULL */
	const char *delimiter; /* text: one character, "tab"; NULL = find out */
	const char *bpf; /* packets: a filter of pcap-filter(7), or NULL; an error for a
			  * source of another format */
	int64_t idle_ns, active_ns; /* packets: timeouts of flows; 0 = 60 s, 1800 s */
	uint64_t max_active;	    /* packets: flows open at once; 0 = 1,000,000 */
	bool scale_sampling;  /* multiply counts that were sampled, and not multiplied
			       * yet, by the rate that the input tells */
	struct ff_site *site; /* borrowed; never NULL once a source is opened */
	uint32_t want;	      /* FF_BIT mask of fields that will be looked at; 0 = all */
	/* What a reader may do with flows whose addresses tell that they matter little.
	 * Those that carry both and do not pass `keep` may be left out, if only they are
	 * counted. Of those that do not pass `filter` only want_failed will be looked at.
	 * What else such a record holds need not be read, or be sound. */
	struct ff_filter keep, filter;
	uint32_t want_failed;
};
extern const struct ff_opt
	ff_input_opt_table[]; /* --input-format --columns --delimiter --scale-sampling
			       * --bpf --idle-timeout --active-timeout --max-active */

/* A claimed block: raw bytes and where they stand. Owned by a lane, reused. */
struct ff_block {
	uint8_t *data; /* cap bytes */
	size_t len, cap;
	size_t pos;	  /* decode()'s place within data; 0 after fetch */
	uint64_t offset;  /* of data[0] in the (decompressed) input */
	uint64_t line;	  /* text streams: number of the first line, 0 = unknown */
	size_t claim_len; /* plain files: bytes of [offset, offset + claim_len) still to
			     be read by decode() */
	bool filled;	  /* data has been read (or decompressed) */
	bool raw;	  /* data[0..len) are the plain file's own bytes from `offset` on,
			   * untouched: the	 source may take their digest without reading them
			   * again */
	struct ff_buf scratch; /* e.g. a compressed block before it is decoded */
	unsigned note;	       /* the reader's own word about the block; 0 after fetch */
	uint64_t bad;	       /* damaged records skipped in this block */
	uint64_t other;	       /* sound records of it that tell of no flow, e.g. alerts */
	struct ff_err
		first_bad; /* file, place and reason of the first; status 0 if none */
	uint64_t first_bad_offset;
};
int ff_block_reserve(struct ff_block *b, size_t cap, struct ff_err *err);
void ff_block_release(struct ff_block *b);
/* Counts a damaged record at `offset`; the first is kept with its message. */
void ff_block_bad(struct ff_block *b, uint64_t offset, uint64_t records, const char *fmt,
		  ...) __attribute__((format(printf, 4, 5)));

/* What a reader can tell about its input without decoding records. */
struct ff_input_info {
	const char *format; /* reader's name */
	char detail[200]; /* e.g. "FT_RWGENERIC v5, 52-byte records, little-endian, zlib"
			   */
	uint32_t carries; /* FF_BIT mask of the fields the format can carry */
	uint64_t records; /* exact if known from sizes, else 0 */
	struct ff_buf more; /* further "key: value" lines: invocations, notes, columns */
};

struct ff_reader_type {
	const char *name;    /* [a-z][a-z0-9-]*, unique */
	const char *summary; /* one line for `flowfig list formats` */
	/* 0..100: how sure the first bytes (at most 4096) are this format. Pure. */
	int (*probe)(const uint8_t *head, size_t len);
	/* Reads the file's own header from `in` (borrowed for the reader's life). *self
	 * NULL on failure. */
	int (*open)(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		    struct ff_err *err);
	/* Claims the next block: 1, 0 at the end, < 0 on error. Serial. For a plain file
	 * it may only note offset and claim_len and let decode() pread. */
	int (*fetch)(void *self, struct ff_block *b, struct ff_err *err);
	/* Appends flows of the block to the batch until it is full or the block is used
	 * up. Returns the number added or left out; 0 = block used up. The batch has room
	 * for two at least, as one record may hold both directions. Thread-safe: self is
	 * shared. Damaged records are counted with ff_block_bad and skipped; < 0 only
	 * when nothing further can be done. */
	int (*decode)(void *self, struct ff_block *b, struct ff_batch *out,
		      struct ff_err *err);
	int (*describe)(void *self, struct ff_input_info *info, struct ff_err *err);
	/* Once all is read: adds what the user must know of how it was read, in words
	 * without a full stop, or nothing. NULL: never anything. */
	void (*remark)(const void *self, struct ff_buf *out);
	void (*close)(void *self); /* NULL allowed; does not close the stream */
	/* The first fetch() may read much of the input, for flows that take their time to
	 * end: who only wants to describe it does not wait for that. */
	bool reads_ahead;
};
extern const struct ff_reader_type ff_reader_argus, ff_reader_csv, ff_reader_eve,
	ff_reader_ipfix, ff_reader_netflow, ff_reader_nfdump, ff_reader_nfdump_csv,
	ff_reader_pcap, ff_reader_rwcut, ff_reader_silk, ff_reader_vpc, ff_reader_zeek;
const struct ff_reader_type *ff_reader_find(const char *name); /* NULL if none */
const struct ff_reader_type *
ff_reader_at(size_t i); /* sorted by name; NULL past the end */

/* ---- a source: stream + reader + lock ---- */

struct ff_source;
struct ff_lane { /* one per thread; zero-initialise */
	struct ff_block block;
	bool active;	 /* holds a claimed block of `source` */
	uint64_t number; /* of that block, counted from 0 in the source's order */
	uint64_t piece, piece_end; /* MiB pieces whose digest this lane owes */
	uint8_t *piece_data;	   /* room for one of them, or NULL */
};
/* Finds the reader by content (or opts->format) and opens it. `path` may be "-". An empty
 * file, a folder, or text that is no flow file is a clear FF_EFORMAT. */
int ff_source_open(struct ff_source **out, const char *path,
		   const struct ff_input_opts *opts, struct ff_err *err);
/* Takes over the stream, also on failure. */
int ff_source_open_stream(struct ff_source **out, struct ff_stream *stream,
			  const struct ff_input_opts *opts, struct ff_err *err);
/* Clears the batch and fills it with the next flows of this lane. Returns how many flows
 * were read, batch->count and those that were left out; 0 at the end of the source, < 0
 * on error. Many lanes may call at once. */
int ff_source_next(struct ff_source *s, struct ff_lane *lane, struct ff_batch *out,
		   struct ff_err *err);
/* The two halves of it, for who must know where a block begins and ends. Claims the next
 * block for the lane, which must have used up its last: 1, 0 at the end of the source,
 * < 0. */
int ff_source_claim(struct ff_source *s, struct ff_lane *lane, struct ff_err *err);
/* Clears the batch and fills it with the next flows of the lane's block. > 0 flows, 0
 * when the block is used up, < 0 on error. */
int ff_source_decode(struct ff_source *s, struct ff_lane *lane, struct ff_batch *out,
		     struct ff_err *err);
void ff_lane_release(struct ff_lane *lane);
const char *ff_source_name(const struct ff_source *s);
const char *ff_source_format(const struct ff_source *s);
int ff_source_describe(struct ff_source *s, struct ff_input_info *info,
		       struct ff_err *err);
/* Whether the first flow can be had without reading much of the input. */
bool ff_source_is_quick(const struct ff_source *s);
uint64_t
ff_source_bytes_done(struct ff_source *s); /* of the file as stored, for progress */
uint64_t ff_source_bytes_total(struct ff_source *s); /* 0 = unknown */
/* Damaged records so far, and the message of the one that stands first in the file. */
uint64_t ff_source_bad(struct ff_source *s, struct ff_err *first);
/* Sound records so far that tell of no flow: alerts, ARP, intervals without data. */
uint64_t ff_source_other(struct ff_source *s);
/* Adds what the reader has to say once the source is at its end, or nothing. */
void ff_source_remark(struct ff_source *s, struct ff_buf *out);
/* Digest of the file as stored (see file.h); only once the source is at its end. 0 if it
 * was not computed (standard input that was cut short). */
uint64_t ff_source_digest(struct ff_source *s);
void ff_source_close(struct ff_source *s);

/* ---- files to read: folders are walked, sorted by path ---- */
/* Adds to *out (owned copies; free with ff_paths_release) every path: files as they are,
 * folders recursively without dot files, "-" as it is. A folder without files is an
 * error. Files of a folder that are no flow files are left out and counted in *skipped
 * (silk.conf, README...), decided by a probe of their first bytes, or, where `o` names a
 * format or columns, by whether they can be opened so; a file named by the caller is
 * never left out. Within a folder a file is taken once; named twice, on its own or with
 * its folder, it is FF_EUSAGE. `o` may be NULL, and needs no site. */
struct ff_paths {
	char **items;
	size_t count, cap;
};
int ff_paths_expand(struct ff_paths *out, const char *const *args, size_t nargs,
		    const struct ff_input_opts *o, size_t *skipped, struct ff_err *err);
void ff_paths_release(struct ff_paths *p);
/* The silk.conf that belongs to the inputs: in the folder of the first input or any
 * folder above it. Writes an owned path, or NULL when there is none. */
int ff_paths_find_site(char **out, const struct ff_paths *p, struct ff_err *err);

/* ---- writing flows in the formats above (simulate, cut) ---- */

/* A column of text: an enum ff_field, or the class, which is told by the flowtype as the
 * type is. */
enum { FF_COLUMN_CLASS = FF_FIELDS, FF_COLUMNS_MAX };
struct ff_columns {
	uint8_t items[FF_COLUMNS_MAX];
	size_t count;
};
/* Reads a LIST as rwcut's --fields: names, aliases and unambiguous beginnings, rwcut's
 * numbers and ranges of them: "sIP,dIP,9-11,type". Each column at most once. */
int ff_columns_parse(struct ff_columns *out, const char *list, struct ff_err *err);
/* FF_BIT mask of the fields that the columns are made of. */
uint32_t ff_columns_needs(const struct ff_columns *c);

enum ff_flow_format { FF_WRITE_RWCUT, FF_WRITE_CSV, FF_WRITE_NDJSON, FF_WRITE_SILK };
/* 2024/04/01T00:00:00.000 (CSV, NDJSON: 2024-04-01T00:00:00Z); 2024-04-01 00:00:00.000
 * (others as before); seconds since 1970 */
enum ff_flow_times { FF_TIMES_DEFAULT, FF_TIMES_ISO, FF_TIMES_EPOCH };
struct ff_flow_writer_opts {
	enum ff_flow_format format;
	const struct ff_site *site; /* borrowed */
	/* Text. No columns: rwcut's twelve (sIP to sensor) for rwcut, all for CSV and
	 * NDJSON. */
	struct ff_columns columns;
	enum ff_flow_times times;
	int64_t tz_ns;	/* added to times that are dates, whatever their sign */
	bool no_titles; /* rwcut, CSV: without the first line */
	/* rwcut text */
	bool pad;	/* to rwcut's widths */
	bool no_end;	/* no delimiter after the last column */
	char delimiter; /* 0 = '|' */
	/* SiLK: RWGENERIC v5 when `silk_v6` is false (an IPv6 flow is then an error),
	 * else RWIPV6ROUTING v1; uncompressed, little-endian, header padded as rwcat
	 * does. `invocation` goes into the header (may be NULL). */
	bool silk_v6;
	const char *invocation;
};
struct ff_flow_writer;
/* The output is borrowed; so are the texts of the options. What a flow does not carry is
 * nothing in text (flags "-" in CSV; rwcut's own "?" for sensor and class, 255 for the
 * type), left out in NDJSON, and SiLK's default in SiLK. */
int ff_flow_writer_new(struct ff_flow_writer **out, struct ff_output *to,
		       const struct ff_flow_writer_opts *opts, struct ff_err *err);
int ff_flow_writer_add(struct ff_flow_writer *w, const struct ff_batch *flows,
		       struct ff_err *err);
/* Flushes; does not commit the output. */
int ff_flow_writer_finish(struct ff_flow_writer *w, struct ff_err *err);
/* What the flows written so far had that the format could not hold, or what they lacked
 * that it has no word for, with counts, in one line without full stop; nothing for the
 * formats of text. */
void ff_flow_writer_losses(struct ff_buf *out, const struct ff_flow_writer *w);
void ff_flow_writer_free(struct ff_flow_writer *w);

#endif
