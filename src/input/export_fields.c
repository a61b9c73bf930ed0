/* SPDX-License-Identifier: MIT */
/* export_fields - the information elements that flows are made of. */
#include "input/export_fields.h"

#define TIMES (FF_BIT(FF_STIME) | FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION))
#define ICMP                                                          \
	(FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) | FF_BIT(FF_ICMP_TYPE) | \
	 FF_BIT(FF_ICMP_CODE))
#define FLAGS (FF_BIT(FF_FLAGS) | FF_BIT(FF_INITIAL_FLAGS) | FF_BIT(FF_SESSION_FLAGS))
#define COUNTS (FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES))
#define ANY UINT32_MAX

struct field_row {
	uint16_t id;
	uint8_t kind;
	bool both;     /* the reverse direction may have its own */
	uint32_t want; /* FF_BIT mask of the fields it matters to */
};

static const struct field_row field_iana[] = {
	/* whether there was any traffic at all decides on flows: counts always matter */
	{1, EXPORT_BYTES, true, ANY},
	{2, EXPORT_PACKETS, true, ANY},
	{4, EXPORT_PROTOCOL, false, ANY},
	{6, EXPORT_FLAGS, true, FLAGS},
	{7, EXPORT_SPORT, false, ICMP},
	{8, EXPORT_SIP4, false, ANY},
	{10, EXPORT_IN, false, FF_BIT(FF_IN)},
	{11, EXPORT_DPORT, false, ICMP},
	{12, EXPORT_DIP4, false, ANY},
	{14, EXPORT_OUT, false, FF_BIT(FF_OUT)},
	{15, EXPORT_NHIP4, false, FF_BIT(FF_NHIP)},
	{21, EXPORT_END_UPTIME, true, TIMES},
	{22, EXPORT_START_UPTIME, true, TIMES},
	{23, EXPORT_BYTES_POST, true, ANY},
	{24, EXPORT_PACKETS_POST, true, ANY},
	{27, EXPORT_SIP6, false, ANY},
	{28, EXPORT_DIP6, false, ANY},
	{32, EXPORT_ICMP4, true, ICMP},
	{34, EXPORT_SAMPLING, false, COUNTS},
	{48, EXPORT_SAMPLER, false, COUNTS},
	{50, EXPORT_SAMPLING, false, COUNTS},
	{60, EXPORT_VERSION, false, ANY},
	{62, EXPORT_NHIP6, false, FF_BIT(FF_NHIP)},
	{85, EXPORT_BYTES_TOTAL, true, ANY},
	{86, EXPORT_PACKETS_TOTAL, true, ANY},
	{136, EXPORT_END_REASON, true, FF_BIT(FF_ATTRIBUTES)},
	{139, EXPORT_ICMP6, true, ICMP},
	{150, EXPORT_START_S, true, TIMES},
	{151, EXPORT_END_S, true, TIMES},
	{152, EXPORT_START_MS, true, TIMES},
	{153, EXPORT_END_MS, true, TIMES},
	{154, EXPORT_START_NTP_US, true, TIMES},
	{155, EXPORT_END_NTP_US, true, TIMES},
	{156, EXPORT_START_NTP_NS, true, TIMES},
	{157, EXPORT_END_NTP_NS, true, TIMES},
	{158, EXPORT_START_DELTA_US, true, TIMES},
	{159, EXPORT_END_DELTA_US, true, TIMES},
	{160, EXPORT_BOOT_MS, false, TIMES},
	{161, EXPORT_DURATION_MS, true, TIMES},
	{162, EXPORT_DURATION_US, true, TIMES},
	{176, EXPORT_ICMP_TYPE, true, ICMP},
	{177, EXPORT_ICMP_CODE, true, ICMP},
	{178, EXPORT_ICMP_TYPE, true, ICMP},
	{179, EXPORT_ICMP_CODE, true, ICMP},
	{180, EXPORT_SPORT, false, ICMP},
	{181, EXPORT_DPORT, false, ICMP},
	{182, EXPORT_TCP_SPORT, false, ICMP},
	{183, EXPORT_TCP_DPORT, false, ICMP},
	{230, EXPORT_NAT_EVENT, false, ANY},
	{231, EXPORT_INITIATOR_BYTES, false, ANY},
	{232, EXPORT_RESPONDER_BYTES, false, ANY},
	{233, EXPORT_EVENT, false, ANY},
	{298, EXPORT_INITIATOR_PACKETS, false, ANY},
	{299, EXPORT_RESPONDER_PACKETS, false, ANY},
	{302, EXPORT_SAMPLER, false, COUNTS},
	{305, EXPORT_SAMPLING_PACKETS, false, COUNTS},
	{306, EXPORT_SAMPLING_SPACE, false, COUNTS},
	{322, EXPORT_OBSERVED_S, false, TIMES},
	{323, EXPORT_OBSERVED_MS, false, TIMES},
	{352, EXPORT_BYTES_LAYER2, true, ANY},
	{40005, EXPORT_EVENT, false, ANY}, /* Cisco's ASA before 8.4 */
};

static const struct field_row field_cert[] = {
	{14, EXPORT_INITIAL_FLAGS, true, FLAGS},
	{15, EXPORT_UNION_FLAGS, true, FLAGS},
	{21, EXPORT_REVERSE_DELAY_MS, false, TIMES},
	{30, EXPORT_FLOWTYPE, false, ANY},
	{31, EXPORT_SENSOR, false, FF_BIT(FF_SENSOR)},
	{32, EXPORT_TCP_STATE, false, FF_BIT(FF_ATTRIBUTES)},
	{33, EXPORT_APPLICATION, false, FF_BIT(FF_APPLICATION)},
	{40, EXPORT_ATTRIBUTES, true, FF_BIT(FF_ATTRIBUTES)},
};

static bool field_len_fits(unsigned kind, unsigned len)
{
	if (len == EXPORT_VARIABLE)
		return true;
	if (kind >= EXPORT_ADDRESSES)
		return len > 0 && len <= 8;
	return len == (kind >= EXPORT_SIP6 ? 16U : 4U);
}

unsigned export_field_kind(uint8_t *side, uint32_t pen, unsigned id, unsigned len,
			   uint32_t want)
{
	const struct field_row *rows = field_iana;
	size_t n = sizeof field_iana / sizeof *field_iana;

	*side = pen == EXPORT_PEN_REVERSE;
	if (pen == EXPORT_PEN_CERT) {
		rows = field_cert;
		n = sizeof field_cert / sizeof *field_cert;
		*side = (id & EXPORT_CERT_REVERSE) != 0;
		id &= ~(unsigned)EXPORT_CERT_REVERSE;
	} else if (pen != 0 && pen != EXPORT_PEN_REVERSE) {
		return EXPORT_SKIP;
	}
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == id)
			return (*side && !rows[i].both) || !(rows[i].want & want) ||
					       !field_len_fits(rows[i].kind, len)
				       ? EXPORT_SKIP
				       : rows[i].kind;
	return EXPORT_SKIP;
}
