/* SPDX-License-Identifier: MIT */
/* Packets, in pcap and pcapng files. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source(data, size, "pcap", 0);
	return 0;
}
