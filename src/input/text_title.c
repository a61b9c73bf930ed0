/* SPDX-License-Identifier: MIT */
/* text_title - the names of columns: SiLK's titles, whole or cut to the column's width,
 * the aliases of the field table, SiLK's field numbers, and the words of --delimiter. */
#include "input/text.h"

#include <string.h>
#include <strings.h>

enum { TITLE_MAX = 63 };

/* rwcut --fields=N; 0 = a number that is not in use or not of a flow's own. */
static const uint8_t title_numbers[] = {
	[1] = FF_SIP + 1,
	[2] = FF_DIP + 1,
	[3] = FF_SPORT + 1,
	[4] = FF_DPORT + 1,
	[5] = FF_PROTOCOL + 1,
	[6] = FF_PACKETS + 1,
	[7] = FF_BYTES + 1,
	[8] = FF_FLAGS + 1,
	[9] = FF_STIME + 1,
	[10] = FF_DURATION + 1,
	[11] = FF_ETIME + 1,
	[12] = FF_SENSOR + 1,
	[13] = FF_IN + 1,
	[14] = FF_OUT + 1,
	[15] = FF_NHIP + 1,
	[20] = TEXT_CLASS + 1,
	[21] = FF_FLOWTYPE + 1,
	[22] = FF_STIME + 1,
	[23] = FF_ETIME + 1,
	[24] = FF_DURATION + 1,
	[26] = FF_INITIAL_FLAGS + 1,
	[27] = FF_SESSION_FLAGS + 1,
	[28] = FF_ATTRIBUTES + 1,
	[29] = FF_APPLICATION + 1,
};

int text_number_field(unsigned number)
{
	if (number >= sizeof title_numbers || title_numbers[number] == 0)
		return TEXT_SKIP;
	return title_numbers[number] - 1;
}

const char *text_field_name(int field)
{
	if (field == TEXT_CLASS)
		return "class";
	return field >= 0 && field < FF_FIELDS ? ff_field_infos[field].name : "";
}

/* Whether `word` is one of the space-separated `list`. */
static bool title_is_alias(const char *list, const char *word, size_t len)
{
	while (list && *list) {
		size_t n = strcspn(list, " ");

		if (n == len && strncasecmp(list, word, n) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

/* One and two letters are only taken when they are a whole name: in a table that is not
 * SiLK's, "b" or "st" may be anything. */
static int title_find(const char *s, size_t len)
{
	int field = ff_field_find(s, len);

	if (field < 0)
		return TEXT_SKIP;
	if (len < 3 &&
	    !(strlen(ff_field_infos[field].name) == len &&
	      strncasecmp(ff_field_infos[field].name, s, len) == 0) &&
	    !title_is_alias(ff_field_infos[field].aliases, s, len))
		return TEXT_SKIP;
	return field;
}

int text_title_field(const char *s, size_t len)
{
	char plain[TITLE_MAX + 1];
	const char *plus;
	int field;

	while (len > 0 && s[0] == ' ')
		s++, len--;
	while (len > 0 && s[len - 1] == ' ')
		len--;
	plus = len > 0 ? memchr(s, '+', len) : NULL;
	if (plus) /* "sTime+msec" */
		len = (size_t)(plus - s);
	if (len == 0 || len > TITLE_MAX)
		return TEXT_SKIP;
	if (len >= 3 && len <= 5 && strncasecmp(s, "class", len) == 0)
		return TEXT_CLASS;
	field = title_find(s, len);
	if (field != TEXT_SKIP)
		return field;
	/* "Src IP", "src-ip", "src.ip" */
	for (size_t i = 0; i < len; i++)
		plain[i] = s[i] == ' ' || s[i] == '-' || s[i] == '.' ? '_' : s[i];
	return title_find(plain, len);
}

char text_delimiter(const char *word)
{
	static const struct {
		const char *word;
		char c;
	} words[] = {
		{"tab", '\t'},	{"\\t", '\t'},	    {"space", ' '},
		{"comma", ','}, {"semicolon", ';'}, {"pipe", '|'},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(word, words[i].word) == 0)
			return words[i].c;
	/* a byte that can stand inside of a cell splits nothing */
	if (word[0] == '\0' || word[1] != '\0' || word[0] == '.' || word[0] == '"' ||
	    word[0] == '\n' || word[0] == '\r' || (word[0] >= '0' && word[0] <= '9') ||
	    ((word[0] | 0x20) >= 'a' && (word[0] | 0x20) <= 'z') || (word[0] & 0x80))
		return 0;
	return word[0];
}
