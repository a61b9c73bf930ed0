/* SPDX-License-Identifier: MIT */
/* ipfix - IPFIX messages one after the other, as YAF, SiLK, nfdump and others write them
 * to files (RFC 5655). */
#include "input/export.h"

static int ipfix_probe(const uint8_t *head, size_t len)
{
	if (len < 2 || ff_get_u16(head, true) != EXPORT_IPFIX)
		return 0;
	return export_looks(head, len) ? 95 : 20;
}

const struct ff_reader_type ff_reader_ipfix = {
	.name = "ipfix",
	.summary = "IPFIX messages in files of YAF, SiLK and other exporters",
	.probe = ipfix_probe,
	.open = export_open,
	.fetch = export_fetch,
	.decode = export_decode_block,
	.describe = export_describe,
	.close = export_close,
};
