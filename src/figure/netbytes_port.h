/* SPDX-License-Identifier: MIT */
/* netbytes_port - the port view between its files: what every port carried, as impulses
 * over a port axis in three equal parts. netbytes_port.c places and draws the marks,
 * netbytes_port_words.c writes. */
#ifndef FIGURE_NETBYTES_PORT_H
#define FIGURE_NETBYTES_PORT_H

#include "figure/ink.h"
#include "figure/netbytes.h"

#define FF_NETPORT_WORDS 14 /* ports with words beside them at most */
enum { FF_NETPORT_PARTS = 3, FF_NETPORT_PROTOCOLS = 3 };
struct ff_netport_mark {
	size_t port;
	double value;
	double x, y; /* tip */
};
struct ff_netport {
	struct ff_netbytes *n;
	struct ff_netport_mark *marks; /* largest first; owned */
	size_t nmarks;
	bool is_log;
	struct ff_box box;
	double width; /* of an impulse, points */
	struct ff_scale parts[FF_NETPORT_PARTS], scale;
	struct ff_ticks part_ticks[FF_NETPORT_PARTS], ticks;
	/* discs of the key, as protocols: TCP, UDP, others; x 0 = not there */
	struct ff_point key[FF_NETPORT_PROTOCOLS];
};
static inline size_t ff_netport_part(unsigned number)
{
	return number < 1024 ? 0 : number < 49152 ? 1 : 2;
}
/* 0 TCP, 1 UDP, 2 others. */
unsigned ff_netport_protocol(const struct ff_netport *v, size_t port);
struct ff_color ff_netport_color(const struct ff_theme *t, unsigned protocol);
/* Axes and key, then what the largest ports carry. */
void ff_netport_place_axes(struct ff_netport *v);
int ff_netport_place_words(struct ff_netport *v, struct ff_err *err);

#endif
