/* SPDX-License-Identifier: MIT */
/* SiLK flow files, as they are or compressed as a whole. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(data, size, "silk", 0);
	/* the short cut for the fields that a contact surface needs */
	fuzz_source(data, size, NULL, FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME));
	return 0;
}
