/* SPDX-License-Identifier: MIT */
/* export_fields - which information element (RFC 7012 and IANA's list, whose first ones
 * are NetFlow v9's field types) means what to a flow. */
#ifndef FF_INPUT_EXPORT_FIELDS_H
#define FF_INPUT_EXPORT_FIELDS_H

#include "input/export.h"

enum {
	EXPORT_PEN_CERT = 6871,	    /* YAF and SiLK */
	EXPORT_PEN_REVERSE = 29305, /* RFC 5103 */
	EXPORT_CERT_REVERSE = 0x4000,
};

/* enum export_kind of a field, EXPORT_SKIP when it says nothing that a flow has; *side
 * becomes 1 for one of the reverse direction. `len` may be EXPORT_VARIABLE. */
unsigned export_field_kind(uint8_t *side, uint32_t pen, unsigned id, unsigned len,
			   uint32_t want);

#endif
