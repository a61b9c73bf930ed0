/* SPDX-License-Identifier: MIT */
/* export_frame - where messages begin and end that stand one after the other. IPFIX tells
 * its length, NetFlow v5 the number of records of one size; NetFlow v9 ends where no
 * further set begins: ids that are a version are no sets'. */
#include "input/export.h"

enum { V5_HEAD = 24, V5_RECORD = 48, V5_MAX = 30, V9_HEAD = 20, IPFIX_HEAD = 16 };
enum { SET_HEAD = 4, SET_RESERVED = 256 };

static bool frame_is_set(unsigned version, unsigned id)
{
	unsigned templates = version == EXPORT_V9 ? 0 : 2;

	return id >= SET_RESERVED || id == templates || id == templates + 1;
}

static ptrdiff_t frame_v9(const uint8_t *data, size_t len, bool at_end)
{
	size_t at = V9_HEAD;

	while (len >= at + SET_HEAD) {
		unsigned id = ff_get_u16(data + at, true);
		size_t set = ff_get_u16(data + at + 2, true);

		/* a set of no kind or no length is told when messages are looked for */
		if (!frame_is_set(EXPORT_V9, id) || set < SET_HEAD ||
		    set > EXPORT_MESSAGE_MAX - at)
			return (ptrdiff_t)at;
		at += set;
	}
	if (!at_end)
		return 0;
	return (ptrdiff_t)(at > len ? at : len);
}

ptrdiff_t export_frame(const uint8_t *data, size_t len, bool at_end)
{
	unsigned count;

	if (len < 4)
		return at_end ? -1 : 0;
	count = ff_get_u16(data + 2, true); /* IPFIX: the length */
	switch (ff_get_u16(data, true)) {
	case EXPORT_V5:
		return count >= 1 && count <= V5_MAX ? V5_HEAD + V5_RECORD * (int)count
						     : -1;
	case EXPORT_V9:
		return frame_v9(data, len, at_end);
	case EXPORT_IPFIX:
		return count >= IPFIX_HEAD ? (ptrdiff_t)count : -1;
	default:
		return -1;
	}
}

bool export_looks(const uint8_t *data, size_t len)
{
	unsigned version = len >= 4 ? ff_get_u16(data, true) : 0, count, id;
	size_t head = version == EXPORT_V9 ? V9_HEAD : IPFIX_HEAD, set;

	if (version != EXPORT_V5 && version != EXPORT_V9 && version != EXPORT_IPFIX)
		return false;
	count = ff_get_u16(data + 2, true);
	if (version == EXPORT_V5)
		return count >= 1 && count <= V5_MAX && len >= V5_HEAD &&
		       ff_get_u32(data + 8, true) != 0 &&
		       ff_get_u32(data + 12, true) < FF_SEC;
	if (version == EXPORT_IPFIX && count == IPFIX_HEAD)
		return len >= IPFIX_HEAD && ff_get_u32(data + 4, true) != 0;
	if (len < head + SET_HEAD)
		return false;
	id = ff_get_u16(data + head, true);
	set = ff_get_u16(data + head + 2, true);
	return frame_is_set(version, id) && set >= SET_HEAD &&
	       (version == EXPORT_V9 || head + set <= count) &&
	       ff_get_u32(data + (version == EXPORT_V9 ? 8 : 4), true) != 0;
}

bool export_is_datagram(const uint8_t *data, size_t seen, size_t len)
{
	unsigned version, id;
	size_t at, set;

	if (!export_looks(data, seen))
		return false;
	version = ff_get_u16(data, true);
	if (version == EXPORT_V5)
		return len == V5_HEAD + V5_RECORD * (size_t)ff_get_u16(data + 2, true);
	if (version == EXPORT_IPFIX && ff_get_u16(data + 2, true) != len)
		return false;
	for (at = version == EXPORT_V9 ? V9_HEAD : IPFIX_HEAD; at + SET_HEAD <= seen;
	     at += set) {
		id = ff_get_u16(data + at, true);
		set = ff_get_u16(data + at + 2, true);
		if (version == EXPORT_V9 && id == 0 && set == 0)
			return true; /* padding */
		if (!frame_is_set(version, id) || set < SET_HEAD || set > len - at)
			return false;
	}
	return true;
}
