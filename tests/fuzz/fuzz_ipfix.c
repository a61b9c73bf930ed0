/* SPDX-License-Identifier: MIT */
/* IPFIX messages. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(data, size, "ipfix", 0);
	fuzz_source(data, size, NULL, FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME));
	return 0;
}
