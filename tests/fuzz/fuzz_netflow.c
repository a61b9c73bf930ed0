/* SPDX-License-Identifier: MIT */
/* NetFlow v5 and v9, bare and in captures. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(data, size, "netflow", 0);
	fuzz_source(data, size, NULL, FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME));
	return 0;
}
