/* SPDX-License-Identifier: MIT */
/* netflow - datagrams of NetFlow v5 and v9, bare or in a capture of the network between
 * exporter and collector, where they may be IPFIX too. */
#include "input/export.h"

/* Of a capture it is sure when all UDP in what it sees are exports: sure enough to come
 * before the reader of packets. */
static int netflow_probe(const uint8_t *head, size_t len)
{
	struct export_packet first;
	unsigned version;

	if (export_capture_kind(head, len) != EXPORT_BARE)
		return export_capture_first(&first, head, len) ? 100 : 0;
	version = len < 2 ? 0 : ff_get_u16(head, true);
	if (version != EXPORT_V5 && version != EXPORT_V9)
		return 0;
	return export_looks(head, len) ? 90 : 0;
}

const struct ff_reader_type ff_reader_netflow = {
	.name = "netflow",
	.summary = "datagrams of NetFlow v5 and v9, bare or in a capture, where IPFIX is "
		   "read "
		   "too",
	.probe = netflow_probe,
	.open = export_open,
	.fetch = export_fetch,
	.decode = export_decode_block,
	.describe = export_describe,
	.close = export_close,
};
