/* SPDX-License-Identifier: MIT */
/* text_own - what the dialects need for the columns that only they understand, and for
 * records that hold both directions of a connection. */
#include "input/text_fast.h"

#include <stdio.h>

void text_why(char why[TEXT_WHY], const char *title, const char *s, size_t len)
{
	char text[41];
	size_t n = len < sizeof text - 1 ? len : sizeof text - 1;

	for (size_t i = 0; i < n; i++)
		text[i] = s[i] < ' ' || s[i] > '~' ? '?' : s[i];
	text[n] = '\0';
	snprintf(why, TEXT_WHY, "bad %s '%s%s'", title, text, n < len ? "..." : "");
}

bool text_is_unset(const struct text_layout *l, struct text_cell cell)
{
	return cell.len == 0 || (cell.len == 1 && cell.s[0] == '-') ||
	       (l->unset_len && l->unset_len == cell.len &&
		memcmp(cell.s, l->unset, cell.len) == 0);
}

int text_own_number(uint64_t *out, uint64_t max, const struct text_layout *l,
		    struct text_cell cell, const char *title, char why[TEXT_WHY])
{
	const char *end = cell.len ? fast_uint(cell.s, out) : NULL;

	if (end && end == cell.s + cell.len && *out <= max)
		return 1;
	if (text_is_unset(l, cell))
		return 0;
	if (text_cell_uint(out, max, cell.s, cell.len))
		return 1;
	text_why(why, title, cell.s, cell.len);
	return -1;
}

static uint8_t own_reverse_orient(uint8_t orient)
{
	return orient == FF_ORIENT_IN	 ? FF_ORIENT_OUT
	       : orient == FF_ORIENT_OUT ? FF_ORIENT_IN
					 : orient;
}

void text_reverse(struct ff_flow *to, const struct ff_flow *from)
{
	const uint32_t one_sided = FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) |
				   FF_BIT(FF_FLAGS) | FF_BIT(FF_INITIAL_FLAGS) |
				   FF_BIT(FF_SESSION_FLAGS) | FF_BIT(FF_ICMP_TYPE) |
				   FF_BIT(FF_ICMP_CODE);
	const uint32_t sport = FF_BIT(FF_SPORT), dport = FF_BIT(FF_DPORT);

	*to = *from;
	to->sip = from->dip;
	to->dip = from->sip;
	to->sport = from->dport;
	to->dport = from->sport;
	to->packets = to->bytes = 0;
	to->flags = to->initial_flags = to->session_flags = 0;
	to->icmp_type = to->icmp_code = 0;
	to->orient = own_reverse_orient(from->orient);
	to->present &= ~(one_sided | sport | dport);
	to->present |=
		(from->present & sport ? dport : 0) | (from->present & dport ? sport : 0);
}

bool text_own_addr(struct ff_addr *out, bool *is_v6, struct text_cell cell)
{
	if (cell.len == 0)
		return false;
	if (fast_quad(cell.s, out) == cell.s + cell.len)
		return true;
	*is_v6 |= memchr(cell.s, ':', cell.len) != NULL;
	return ff_parse_addr(out, cell.s, cell.len);
}

/* Echo, router discovery, timestamp, information, mask; and of ICMPv6 echo, listener and
 * neighbour discovery, node information, home agent. */
int text_icmp_answer(uint8_t protocol, unsigned type)
{
	static const uint8_t v4[][2] = {{8, 0}, {10, 9}, {13, 14}, {15, 16}, {17, 18}};
	static const uint8_t v6[][2] = {{128, 129}, {130, 131}, {133, 134},
					{135, 136}, {139, 140}, {144, 145}};
	const uint8_t(*pairs)[2] = protocol == 58 ? v6 : v4;
	size_t n = protocol == 58 ? sizeof v6 / sizeof *v6 : sizeof v4 / sizeof *v4;

	for (size_t i = 0; i < n; i++)
		if (type == pairs[i][0] || type == pairs[i][1])
			return pairs[i][type == pairs[i][0]];
	return -1;
}
