/* SPDX-License-Identifier: MIT */
/* ipset_text - sets as text: addresses and CIDR blocks, one a line or with commas or
 * blanks between, '#' begins a comment. And the choice between text and SiLK. */
#include <inttypes.h>
#include <string.h>

#include "select/ipset.h"

/* What is being read, and where. */
struct ipset_text {
	struct ff_ipset *set;
	const char *name;
	uint64_t line, bytes;
	bool comment, any;
	char word[FF_ADDR_TEXT + 1];
	size_t len;
};

/* A word of the file for a message: what cannot be printed becomes '?'. */
static void ipset_text_clean(char *word)
{
	for (; *word; word++)
		if ((unsigned char)*word < 0x20 || (unsigned char)*word > 0x7e)
			*word = '?';
}

static int ipset_text_word(struct ipset_text *t, struct ff_err *err)
{
	struct ff_prefix p;

	if (!t->len)
		return FF_OK;
	t->word[t->len] = 0;
	if (t->len >= sizeof(t->word) - 1 || !ff_parse_prefix(&p, t->word, t->len)) {
		ipset_text_clean(t->word);
		return ff_fail(err, FF_EFORMAT,
			       "'%s' line %" PRIu64 ": '%s' is no address or CIDR block",
			       t->name, t->line, t->word);
	}
	t->len = 0;
	t->any = true;
	return ipset_add_block(t->set, ipset_num_of(&p.addr), p.bits, err);
}

static int ipset_text_char(struct ipset_text *t, char c, struct ff_err *err)
{
	int status = FF_OK;

	if (c == '\n') {
		t->comment = false;
		status = ipset_text_word(t, err);
		t->line++;
	} else if (t->comment) {
		return FF_OK;
	} else if (c == '#') {
		t->comment = true;
		status = ipset_text_word(t, err);
	} else if (c == ',' || c == ' ' || c == '\t' || c == '\r') {
		status = ipset_text_word(t, err);
	} else if (t->len < sizeof(t->word) - 1) {
		t->word[t->len++] = c;
	} else {
		status = ipset_text_word(t, err); /* too long for an address: fails */
	}
	return status;
}

static int ipset_text_read(struct ff_ipset *s, struct ff_stream *in, struct ff_err *err)
{
	struct ipset_text t = {.set = s, .name = ff_stream_name(in), .line = 1};
	static const uint8_t bom[3] = {0xef, 0xbb, 0xbf};
	uint8_t chunk[4096];
	ptrdiff_t n;
	int status = FF_OK;

	while ((n = ff_stream_read(in, chunk, sizeof(chunk), err)) > 0) {
		ptrdiff_t i = 0;

		if (!t.bytes && n >= 3 && memcmp(chunk, bom, 3) == 0)
			i = 3;
		t.bytes += (uint64_t)n;
		if (t.bytes > IPSET_BYTES_MAX)
			return ff_fail(err, FF_ELIMIT,
				       "'%s' is too large for a list of addresses",
				       t.name);
		for (; i < n && status == FF_OK; i++)
			status = ipset_text_char(&t, (char)chunk[i], err);
		if (status != FF_OK)
			return status;
	}
	if (n < 0)
		return (int)n;
	status = ipset_text_word(&t, err);
	if (status == FF_OK && !t.any)
		return ff_fail(err, FF_EFORMAT, "'%s' holds no address", t.name);
	return status;
}

int ff_ipset_load(struct ff_ipset **out, const char *path, struct ff_err *err)
{
	struct ff_stream *in = NULL;
	struct ff_ipset *s = NULL;
	const uint8_t *head;
	ptrdiff_t n;
	int status = ff_stream_open(&in, path, err);

	if (status != FF_OK)
		return status;
	status = ipset_new(&s, err);
	if (status != FF_OK)
		goto out;
	n = ff_stream_peek(in, &head, 4, err);
	if (n < 0)
		status = (int)n;
	else if (n == 4 && memcmp(head, FF_SILK_MAGIC, 4) == 0)
		status = ipset_read_silk(s, in, err);
	else
		status = ipset_text_read(s, in, err);
	if (status == FF_OK)
		status = ipset_seal(s, err);
out:
	ff_stream_close(in);
	if (status != FF_OK) {
		ff_ipset_free(s);
		return status;
	}
	*out = s;
	return FF_OK;
}

int ff_ipset_parse(struct ff_ipset **out, const char *what, const char *list,
		   struct ff_err *err)
{
	struct ff_ipset *s = NULL;
	int status = ipset_new(&s, err);

	for (const char *p = list; status == FF_OK;) {
		size_t len = strcspn(p, ",");
		struct ff_prefix prefix;

		if (!ff_parse_prefix(&prefix, p, len))
			status = ff_fail(err, FF_EUSAGE,
					 "bad value '%.80s' for '%s': '%.*s' is no "
					 "address or CIDR block",
					 list, what, (int)(len < 60 ? len : 60), p);
		else
			status = ipset_add_block(s, ipset_num_of(&prefix.addr),
						 prefix.bits, err);
		if (!p[len])
			break;
		p += len + 1;
	}
	if (status == FF_OK)
		status = ipset_seal(s, err);
	if (status != FF_OK) {
		ff_ipset_free(s);
		return status;
	}
	*out = s;
	return FF_OK;
}
