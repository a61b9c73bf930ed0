/* SPDX-License-Identifier: MIT */
/* flags - TCP flags and flow attributes as letters. */
#include <flowfig/flow.h>

#include <string.h>

/* in the order of output */
static const struct flag_letter {
	char letter;
	uint8_t bit;
} flag_letters[] =
	{
		{'F', FF_FIN}, {'S', FF_SYN}, {'R', FF_RST}, {'P', FF_PSH}, {'A', FF_ACK},
		{'U', FF_URG}, {'E', FF_ECE}, {'C', FF_CWR}, {0, 0},
},
  attribute_letters[] = {
	  {'T', FF_ATTR_TIMEOUT},
	  {'C', FF_ATTR_CONTINUED},
	  {'F', FF_ATTR_FIN},
	  {'S', FF_ATTR_SAME_SIZE},
	  {0, 0},
};

static char *flag_format(char *buf, const struct flag_letter *letters, uint8_t bits)
{
	char *p = buf;

	for (; letters->letter; letters++) {
		if (bits & letters->bit)
			*p++ = letters->letter;
	}
	*p = 0;
	return buf;
}

static bool flag_parse(uint8_t *out, const struct flag_letter *letters, const char *s,
		       size_t len)
{
	uint8_t bits = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		const struct flag_letter *l = letters;
		char c = s[i] >= 'a' && s[i] <= 'z' ? (char)(s[i] - 'a' + 'A') : s[i];

		if (c == ' ' || c == '-' || c == '.')
			continue;
		while (l->letter && l->letter != c)
			l++;
		if (!l->letter)
			return false;
		bits |= l->bit;
	}
	*out = bits;
	return true;
}

char *ff_format_flags(char *buf, uint8_t flags)
{
	return flag_format(buf, flag_letters, flags);
}

bool ff_parse_flags(uint8_t *out, const char *s, size_t len)
{
	return flag_parse(out, flag_letters, s, len);
}

char *ff_format_attributes(char *buf, uint8_t attributes)
{
	return flag_format(buf, attribute_letters, attributes);
}

bool ff_parse_attributes(uint8_t *out, const char *s, size_t len)
{
	return flag_parse(out, attribute_letters, s, len);
}
