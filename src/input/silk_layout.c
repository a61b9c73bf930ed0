/* SPDX-License-Identifier: MIT */
/* silk_layout - every record format and version that SiLK 3.19 reads. Newer ones
 * (nanosecond times of SiLK 3.23) are refused by name, never guessed. */
#include "input/silk.h"

#define BASE                                                                     \
	(FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) | \
	 FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) |           \
	 FF_BIT(FF_FLAGS) | FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME))
#define IO (FF_BIT(FF_IN) | FF_BIT(FF_OUT))
#define ROUTE (IO | FF_BIT(FF_NHIP))
#define STATE \
	(FF_BIT(FF_INITIAL_FLAGS) | FF_BIT(FF_SESSION_FLAGS) | FF_BIT(FF_ATTRIBUTES))
#define APP FF_BIT(FF_APPLICATION)
#define PLACE (FF_BIT(FF_SENSOR) | FF_BIT(FF_FLOWTYPE))
#define AUG (BASE | STATE | APP)

static const struct silk_less generic_v5_less = {silk_generic_v5_brief,
						 silk_generic_v5_sift};
static const struct silk_less ipv6routing_v1_less = {silk_ipv6routing_v1_brief,
						     silk_ipv6routing_v1_sift};
static const struct silk_less ipv6routing_v2_less = {silk_ipv6routing_v1_brief, NULL};

/* Version twins have the same bytes for historic reasons. Sorted by format, version. */
static const struct silk_layout layouts[] = {
	{SILK_RWIPV6, 1, 68, AUG | PLACE, silk_ipv6_v1, NULL},
	{SILK_RWIPV6, 2, 56, AUG, silk_ipv6_v2, NULL},
	{SILK_RWIPV6ROUTING, 1, 88, AUG | PLACE | ROUTE, silk_ipv6routing_v1,
	 &ipv6routing_v1_less},
	{SILK_RWIPV6ROUTING, 2, 88, BASE | STATE | PLACE | ROUTE, silk_ipv6routing_v2,
	 &ipv6routing_v2_less},
	{SILK_RWIPV6ROUTING, 3, 100, AUG | PLACE | ROUTE, silk_ipv6routing_v3, NULL},
	{SILK_RWAUGSNMPOUT, 1, 30, AUG | FF_BIT(FF_OUT), silk_augsnmpout_v1, NULL},
	{SILK_RWAUGSNMPOUT, 2, 30, AUG | FF_BIT(FF_OUT), silk_augsnmpout_v1, NULL},
	{SILK_RWAUGSNMPOUT, 3, 30, AUG | FF_BIT(FF_OUT), silk_augsnmpout_v1, NULL},
	{SILK_RWAUGSNMPOUT, 4, 30, AUG | FF_BIT(FF_OUT), silk_augsnmpout_v4, NULL},
	{SILK_RWAUGSNMPOUT, 5, 34, AUG | FF_BIT(FF_OUT), silk_augsnmpout_v5, NULL},
	{SILK_RWAUGROUTING, 1, 36, AUG | ROUTE, silk_augrouting_v1, NULL},
	{SILK_RWAUGROUTING, 2, 36, AUG | ROUTE, silk_augrouting_v1, NULL},
	{SILK_RWAUGROUTING, 3, 36, AUG | ROUTE, silk_augrouting_v1, NULL},
	{SILK_RWAUGROUTING, 4, 36, AUG | ROUTE, silk_augrouting_v4, NULL},
	{SILK_RWAUGROUTING, 5, 40, AUG | ROUTE, silk_augrouting_v5, NULL},
	{SILK_RWROUTED, 1, 28, BASE | ROUTE, silk_routed_v1, NULL},
	{SILK_RWROUTED, 2, 28, BASE | ROUTE, silk_routed_v1, NULL},
	{SILK_RWROUTED, 3, 32, BASE | ROUTE, silk_routed_v3, NULL},
	{SILK_RWROUTED, 4, 32, BASE | ROUTE, silk_routed_v3, NULL},
	{SILK_RWROUTED, 5, 32, BASE | ROUTE, silk_routed_v5, NULL},
	{SILK_RWNOTROUTED, 1, 23, BASE | FF_BIT(FF_IN), silk_notrouted_v1, NULL},
	{SILK_RWNOTROUTED, 2, 23, BASE | FF_BIT(FF_IN), silk_notrouted_v1, NULL},
	{SILK_RWNOTROUTED, 3, 26, BASE | FF_BIT(FF_IN), silk_notrouted_v3, NULL},
	{SILK_RWNOTROUTED, 4, 26, BASE | FF_BIT(FF_IN), silk_notrouted_v3, NULL},
	{SILK_RWNOTROUTED, 5, 26, BASE | FF_BIT(FF_IN), silk_notrouted_v5, NULL},
	{SILK_RWSPLIT, 1, 22, BASE, silk_split_v1, NULL},
	{SILK_RWSPLIT, 2, 22, BASE, silk_split_v1, NULL},
	{SILK_RWSPLIT, 3, 24, BASE, silk_split_v3, NULL},
	{SILK_RWSPLIT, 4, 24, BASE, silk_split_v3, NULL},
	{SILK_RWSPLIT, 5, 24, BASE, silk_split_v5, NULL},
	{SILK_RWFILTER, 1, 32, BASE | ROUTE | FF_BIT(FF_SENSOR), silk_filter_v1, NULL},
	{SILK_RWFILTER, 2, 32, BASE | ROUTE | FF_BIT(FF_SENSOR), silk_filter_v2, NULL},
	{SILK_RWFILTER, 3, 40, BASE | ROUTE | PLACE, silk_filter_v3, NULL},
	{SILK_RWFILTER, 4, 44, AUG | ROUTE | PLACE, silk_filter_v4, NULL},
	{SILK_RWFILTER, 5, 44, AUG | ROUTE | PLACE, silk_filter_v4, NULL},
	{SILK_RWAUGMENTED, 1, 28, AUG, silk_augmented_v1, NULL},
	{SILK_RWAUGMENTED, 2, 28, AUG, silk_augmented_v1, NULL},
	{SILK_RWAUGMENTED, 3, 28, AUG, silk_augmented_v1, NULL},
	{SILK_RWAUGMENTED, 4, 28, AUG, silk_augmented_v4, NULL},
	{SILK_RWAUGMENTED, 5, 32, AUG, silk_augmented_v5, NULL},
	{SILK_RWAUGWEB, 1, 26, AUG, silk_augweb_v1, NULL},
	{SILK_RWAUGWEB, 2, 26, AUG, silk_augweb_v1, NULL},
	{SILK_RWAUGWEB, 3, 26, AUG, silk_augweb_v1, NULL},
	{SILK_RWAUGWEB, 4, 26, AUG, silk_augweb_v4, NULL},
	{SILK_RWAUGWEB, 5, 30, AUG, silk_augweb_v5, NULL},
	{SILK_RWGENERIC, 0, 40, BASE | ROUTE | FF_BIT(FF_SENSOR), silk_generic_v0, NULL},
	{SILK_RWGENERIC, 1, 37, BASE | ROUTE | FF_BIT(FF_SENSOR), silk_generic_v1, NULL},
	{SILK_RWGENERIC, 2, 48, BASE | STATE | ROUTE | PLACE, silk_generic_v2, NULL},
	{SILK_RWGENERIC, 3, 56, AUG | ROUTE | PLACE, silk_generic_v3, NULL},
	{SILK_RWGENERIC, 4, 56, AUG | ROUTE | PLACE, silk_generic_v3, NULL},
	{SILK_RWGENERIC, 5, 52, AUG | ROUTE | PLACE, silk_generic_v5, &generic_v5_less},
	{SILK_FLOWCAP, 2, 30, BASE | IO, silk_flowcap_v2, NULL},
	{SILK_FLOWCAP, 3, 36, AUG | IO, silk_flowcap_v3, NULL},
	{SILK_FLOWCAP, 4, 40, AUG | ROUTE, silk_flowcap_v4, NULL},
	{SILK_FLOWCAP, 5, 38, AUG | IO, silk_flowcap_v5, NULL},
	{SILK_FLOWCAP, 6, 38, BASE | STATE | IO, silk_flowcap_v6, NULL},
	{SILK_RWWWW, 1, 20, BASE, silk_www_v1, NULL},
	{SILK_RWWWW, 2, 20, BASE, silk_www_v1, NULL},
	{SILK_RWWWW, 3, 22, BASE, silk_www_v3, NULL},
	{SILK_RWWWW, 4, 22, BASE, silk_www_v3, NULL},
	{SILK_RWWWW, 5, 22, BASE, silk_www_v5, NULL},
};
#define LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

static const struct silk_format_row {
	uint8_t id;
	bool has_flows;
	const char *name;
} formats[] = {
	{0x09, false, "FT_AGGREGATEBAG"},
	{SILK_RWIPV6, true, "FT_RWIPV6"},
	{SILK_RWIPV6ROUTING, true, "FT_RWIPV6ROUTING"},
	{SILK_RWAUGSNMPOUT, true, "FT_RWAUGSNMPOUT"},
	{SILK_RWAUGROUTING, true, "FT_RWAUGROUTING"},
	{SILK_RWROUTED, true, "FT_RWROUTED"},
	{SILK_RWNOTROUTED, true, "FT_RWNOTROUTED"},
	{SILK_RWSPLIT, true, "FT_RWSPLIT"},
	{SILK_RWFILTER, true, "FT_RWFILTER"},
	{SILK_RWAUGMENTED, true, "FT_RWAUGMENTED"},
	{SILK_RWAUGWEB, true, "FT_RWAUGWEB"},
	{SILK_RWGENERIC, true, "FT_RWGENERIC"},
	{SILK_FLOWCAP, true, "FT_FLOWCAP"},
	{0x1d, false, "FT_IPSET"},
	{SILK_RWWWW, true, "FT_RWWWW"},
	{0x21, false, "FT_RWBAG"},
	{0x25, false, "FT_PREFIXMAP"},
};

static const struct silk_format_row *layout_format(unsigned format)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (formats[i].id == format)
			return &formats[i];
	}
	return NULL;
}

const struct silk_layout *silk_layout_at(size_t i)
{
	return i < LAYOUTS ? &layouts[i] : NULL;
}

const struct silk_layout *silk_layout_find(unsigned format, unsigned version)
{
	size_t i;

	for (i = 0; i < LAYOUTS; i++) {
		if (layouts[i].format == format && layouts[i].version == version)
			return &layouts[i];
	}
	return NULL;
}

const char *silk_format_name(unsigned format)
{
	const struct silk_format_row *row = layout_format(format);

	return row ? row->name : NULL;
}

bool silk_format_has_flows(unsigned format)
{
	const struct silk_format_row *row = layout_format(format);

	return row && row->has_flows;
}
