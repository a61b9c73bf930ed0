/* SPDX-License-Identifier: MIT */
/* pcap_capture - frames out of pcap and pcapng files, by libpcap, which reads them from a
 * FILE that is our stream. */
#define _GNU_SOURCE /* fopencookie */
#include "input/pcap.h"

#include <inttypes.h>
#include <stdio.h>

#ifdef FF_HAVE_PCAP
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio_ext.h>

enum { CAPTURE_BUFFER = 256 << 10 };

struct packet_capture {
	struct ff_stream *in; /* borrowed */
	pcap_t *pcap;
	FILE *file;	      /* owned by pcap, once there is one */
	struct ff_err failed; /* of the stream, which libpcap cannot tell */
	bool nano;	      /* the file's own precision */
	bool classic;	      /* no pcapng */
	char *buffer;	      /* of the file; outlives it */
};

/* ---- a FILE over the stream ---- */

static ssize_t capture_read(void *cookie, char *buf, size_t n)
{
	struct packet_capture *c = cookie;
	ptrdiff_t got = ff_stream_read(c->in, buf, n, &c->failed);

	if (got < 0)
		errno = EIO;
	return got < 0 ? -1 : (ssize_t)got;
}

/* Only for ftello(). */
static int capture_seek(void *cookie, off64_t *offset, int whence)
{
	const struct packet_capture *c = cookie;

	if (whence != SEEK_CUR || *offset != 0)
		return -1;
	*offset = (off64_t)ff_stream_offset(c->in);
	return 0;
}

static int capture_open_file(struct packet_capture *c, struct ff_err *err)
{
	c->buffer = ff_alloc(CAPTURE_BUFFER, 1);
	if (!c->buffer)
		return ff_fail_nomem(err);
	c->file = fopencookie(
		c, "r",
		(cookie_io_functions_t){.read = capture_read, .seek = capture_seek});
	if (!c->file || setvbuf(c->file, c->buffer, _IOFBF, CAPTURE_BUFFER) != 0)
		return ff_fail_nomem(err);
	__fsetlocking(c->file, FSETLOCKING_BYCALLER); /* the source has its lock */
	return FF_OK;
}

/* ---- opening ---- */

/* libpcap gives nanoseconds, and does not say what the file has. */
static int capture_look(struct packet_capture *c, struct ff_err *err)
{
	const uint8_t *head;
	ptrdiff_t n = ff_stream_peek(c->in, &head, 4, err);
	uint32_t magic = n == 4 ? ff_get_u32(head, true) : 0;

	if (n < 0)
		return (int)n;
	c->nano = magic == 0xa1b23c4d || magic == 0x4d3cb2a1;
	c->classic = magic != 0x0a0d0d0a;
	return FF_OK;
}

static int capture_filter(struct packet_capture *c, const char *filter,
			  struct ff_err *err)
{
	struct bpf_program program;
	int rc = FF_OK;

	if (pcap_compile(c->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return ff_fail(err, FF_EUSAGE, "bad filter '%s' for '--bpf': %s", filter,
			       pcap_geterr(c->pcap));
	if (pcap_setfilter(c->pcap, &program) != 0)
		rc = ff_fail(err, FF_EUSAGE, "bad filter '%s' for '--bpf': %s", filter,
			     pcap_geterr(c->pcap));
	pcap_freecode(&program);
	return rc;
}

/* Why libpcap gave up: the stream's own reason comes first. */
static int capture_fail(const struct packet_capture *c, const char *words,
			struct ff_err *err)
{
	if (c->failed.status != FF_OK)
		return ff_fail(err, c->failed.status, "%s", c->failed.text);
	return ff_fail(err, FF_EFORMAT, "damaged: '%s' at byte %" PRIu64 ": %s",
		       ff_stream_name(c->in), packet_capture_offset(c), words);
}

int packet_capture_open(struct packet_capture **out, struct ff_stream *in,
			const char *filter, struct ff_err *err)
{
	struct packet_capture *c = ff_calloc(1, sizeof *c);
	char words[PCAP_ERRBUF_SIZE] = "";
	int rc;

	if (!c)
		return ff_fail_nomem(err);
	c->in = in;
	rc = capture_look(c, err);
	if (rc == FF_OK)
		rc = capture_open_file(c, err);
	if (rc == FF_OK) {
		c->pcap = pcap_fopen_offline_with_tstamp_precision(
			c->file, PCAP_TSTAMP_PRECISION_NANO, words);
		if (!c->pcap)
			rc = capture_fail(c, words, err);
	}
	if (rc == FF_OK && filter)
		rc = capture_filter(c, filter, err);
	if (rc < 0)
		packet_capture_close(c);
	else
		*out = c;
	return rc;
}

void packet_capture_close(struct packet_capture *c)
{
	if (!c)
		return;
	if (c->pcap)
		pcap_close(c->pcap); /* and the file */
	else if (c->file)
		fclose(c->file);
	ff_free(c->buffer);
	ff_free(c);
}

/* ---- reading ---- */

/* Seconds of a classic file are 32 bits without a sign, which libpcap takes for signed.
 */
static int64_t capture_time(const struct packet_capture *c, const struct pcap_pkthdr *h)
{
	const int64_t most = INT64_C(9200000000);
	int64_t s = h->ts.tv_sec, ns = h->ts.tv_usec;

	if (c->classic && s < 0)
		s += INT64_C(1) << 32;
	if (s < -most || s > most || ns < 0 || ns >= FF_SEC)
		return INT64_MIN;
	return s * FF_SEC + ns;
}

int packet_capture_next(struct packet_capture *c, struct packet_frame *f, bool *cut,
			struct ff_err *err)
{
	struct pcap_pkthdr *head;
	const u_char *data;
	int rc = pcap_next_ex(c->pcap, &head, &data);

	*cut = false;
	if (rc == PCAP_ERROR_BREAK)
		return 0;
	if (rc != 1) {
		*cut = c->failed.status == FF_OK && feof(c->file);
		return capture_fail(c, pcap_geterr(c->pcap), err);
	}
	f->data = data;
	f->len = head->caplen;
	f->wire = head->len > head->caplen ? head->len : head->caplen;
	f->time_ns = capture_time(c, head);
	f->vlan = 0;
	return 1;
}

/* ---- telling ---- */

uint64_t packet_capture_offset(const struct packet_capture *c)
{
	off_t at = ftello(c->file);

	return at < 0 ? ff_stream_offset(c->in) : (uint64_t)at;
}

int packet_capture_link(const struct packet_capture *c)
{
	return pcap_datalink(c->pcap);
}

void packet_capture_link_name(char *buf, size_t cap, int link)
{
	const char *name = pcap_datalink_val_to_name(link);
	const char *words = pcap_datalink_val_to_description(link);

	if (name && words)
		snprintf(buf, cap, "%s (%s)", name, words);
	else
		snprintf(buf, cap, "%d", link);
}

void packet_capture_detail(const struct packet_capture *c, char *buf, size_t cap)
{
	const uint16_t one = 1;
	bool little = *(const uint8_t *)&one == 1;
	char link[100];

	packet_capture_link_name(link, sizeof link, pcap_datalink(c->pcap));
	snprintf(buf, cap, "%s %d.%d, %s-endian%s, %s, snapshots of %d bytes",
		 c->classic ? "pcap" : "pcapng", pcap_major_version(c->pcap),
		 pcap_minor_version(c->pcap),
		 (pcap_is_swapped(c->pcap) != 0) != little ? "little" : "big",
		 !c->classic ? ""
		 : c->nano   ? ", nanoseconds"
			     : ", microseconds",
		 link, pcap_snapshot(c->pcap));
}

#else

int packet_capture_open(struct packet_capture **out, struct ff_stream *in,
			const char *filter, struct ff_err *err)
{
	(void)out;
	(void)filter;
	return ff_fail(
		err, FF_EFORMAT,
		"cannot read '%s': support for packets was left out of this build, "
		"which did not find libpcap (package libpcap-dev)",
		ff_stream_name(in));
}

void packet_capture_close(struct packet_capture *c)
{
	(void)c;
}

int packet_capture_next(struct packet_capture *c, struct packet_frame *f, bool *cut,
			struct ff_err *err)
{
	(void)c;
	(void)f;
	(void)err;
	*cut = false;
	return 0;
}

uint64_t packet_capture_offset(const struct packet_capture *c)
{
	(void)c;
	return 0;
}

int packet_capture_link(const struct packet_capture *c)
{
	(void)c;
	return 0;
}

void packet_capture_link_name(char *buf, size_t cap, int link)
{
	snprintf(buf, cap, "%d", link);
}

void packet_capture_detail(const struct packet_capture *c, char *buf, size_t cap)
{
	(void)c;
	snprintf(buf, cap, "not read");
}

#endif
