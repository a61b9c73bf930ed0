/* SPDX-License-Identifier: MIT */
/* netbytes_lanes - which ports have a lane of their own, and how the many others are
 * folded into bands of ports. Numbers only. */
#ifndef FIGURE_NETBYTES_LANES_H
#define FIGURE_NETBYTES_LANES_H

#include "figure/netbytes_data.h"

#define FF_NETBYTES_LANES 12
#define FF_NETBYTES_BANDS 3
#define FF_NETBYTES_SHARE .01 /* of all, from which on a port has a lane */
#define FF_NETBYTES_PINS 6    /* ports that the user named */

enum ff_netbytes_opener { FF_NETBYTES_PEER, FF_NETBYTES_HOST, FF_NETBYTES_UNCLEAR };
enum { FF_NETBYTES_OPENERS = 3 };
struct ff_netbytes_lane {
	size_t port; /* index in ports[] */
	enum ff_netbytes_opener opener;
};
struct ff_netbytes_band {
	uint16_t low, high; /* inclusive; 1 is 0 when somebody uses port 0 */
	size_t ports;	    /* that have no lane */
	uint64_t value;
};
struct ff_netbytes_lanes {
	/* groups by opener, the one that carries most first, in each the largest port
	 * first */
	struct ff_netbytes_lane lanes[FF_NETBYTES_LANES];
	size_t nlanes;
	struct ff_netbytes_band
		bands[FF_NETBYTES_BANDS]; /* that hold a port, ascending */
	size_t nbands;
	uint8_t *place; /* of each port: lane, or FF_NETBYTES_LANES + band; owned */
	uint64_t value; /* of all lanes */
};
struct ff_netbytes_pins {
	size_t ports[FF_NETBYTES_PINS];
	size_t count;
};
struct ff_netbytes_room {
	size_t most;	  /* lanes at most: 1 .. FF_NETBYTES_LANES */
	bool shows_small; /* colours or heights are logarithmic: a lane of little is seen
			   */
};
/* The ports of `pins` have a lane, then by value those with a share of FF_NETBYTES_SHARE
 * in two bins or more. Where small values are seen also, up to eight lanes, the service
 * ports that are there in a fifth of the bins, or of few ports in three; elsewhere their
 * lanes would be empty. A few ports more have lanes rather than bands, which are deeper;
 * a band of one port alone is joined to the next. */
int ff_netbytes_lanes_init(struct ff_netbytes_lanes *l, const struct ff_netbytes_data *d,
			   const struct ff_netbytes_room *room,
			   const struct ff_netbytes_pins *pins, struct ff_err *err);
void ff_netbytes_lanes_release(struct ff_netbytes_lanes *l);
/* Who opened most of the port's flows: two thirds of those that are known. */
enum ff_netbytes_opener ff_netbytes_opener_of(const struct ff_netbytes_port *p);
/* Whether the port is that of the side that was opened, as far as side and direction of
 * the result tell; else by its number. */
bool ff_netbytes_is_service(const struct ff_netbytes_data *d, size_t port);
/* The finding of this kind about the port, or NULL. */
const struct ff_finding *ff_netbytes_finding(const struct ff_netbytes_data *d,
					     const char *kind, size_t port);
/* Cells of ports without a lane, largest first, ties by time and port; at most `most`
 * into `out`. Returns how many. With `is_each_port`, only the
 * largest of each port, and none of ports that only lack the room for a lane. */
size_t ff_netbytes_odd(const struct ff_netbytes_data *d,
		       const struct ff_netbytes_lanes *l, size_t *out, size_t most,
		       bool is_each_port);

#endif
