/* SPDX-License-Identifier: MIT */
/* Zeek's conn.log, tab-separated and JSON. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(data, size, "zeek", 0);
	fuzz_source(data, size, NULL, FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME));
	return 0;
}
