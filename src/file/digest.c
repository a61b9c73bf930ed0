/* SPDX-License-Identifier: MIT */
/* digest - XXH3, 64 bits. The only file that includes xxhash.h, which is inlined for
 * speed. */
#include <flowfig/file.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t ff_digest64(const void *data, size_t len)
{
	return XXH3_64bits(data, len);
}

uint64_t ff_digest_join(const uint64_t *pieces, size_t count)
{
	/* streamed through a small buffer, so that a file of any size needs no memory;
	 * 512 bytes because gcc warns (without cause) about less than XXH3's own buffer
	 */
	uint8_t le[512];
	XXH3_state_t state;
	size_t i, n = 0;
	int b;

	XXH3_64bits_reset(&state);
	for (i = 0; i < count; i++) {
		for (b = 0; b < 8; b++)
			le[n++] = (uint8_t)(pieces[i] >> (8 * b));
		if (n == sizeof(le)) {
			XXH3_64bits_update(&state, le, n);
			n = 0;
		}
	}
	XXH3_64bits_update(&state, le, n);
	return XXH3_64bits_digest(&state);
}
