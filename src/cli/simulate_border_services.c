/* SPDX-License-Identifier: MIT */
/* simulate_border_services - the servers inside: web, mail, DNS, shell, and what they ask
 * of the world themselves. */
#include "cli/simulate.h"

/* ---- clients of the servers ---- */

static void services_web(struct ff_sim *sim, const struct ff_sim_house *h,
			 struct ff_sim_talk *t)
{
	struct ff_sim_random *r = &sim->random;
	t->inside = (uint16_t)h->web[ff_sim_random_below(r, 5) == 0];
	t->server_port = ff_sim_random_percent(r, 78) ? 443 : 80;
	t->application = t->server_port;
	t->up = ff_sim_volume(sim, 900, 0.9, 5);
	t->down = ff_sim_volume(sim, 9000, 1.6, 4);
	t->duration_ms = ff_sim_duration(sim, 1400, 1.5);
}

static void services_mail(struct ff_sim *sim, const struct ff_sim_house *h,
			  struct ff_sim_talk *t)
{
	static const uint16_t ports[] = {25, 25, 25, 993, 993, 587, 465, 143};
	struct ff_sim_random *r = &sim->random;
	t->inside = (uint16_t)h->mail;
	t->server_port = ports[ff_sim_random_below(r, sizeof ports / sizeof *ports)];
	t->application = t->server_port;
	bool is_delivery =
		t->server_port == 25 || t->server_port == 587 || t->server_port == 465;
	t->up = ff_sim_volume(sim, is_delivery ? 12000 : 1200, 1.4, 8);
	t->down =
		ff_sim_volume(sim, is_delivery ? 900 : 15000, is_delivery ? 0.4 : 1.5, 8);
	t->duration_ms = ff_sim_duration(sim, is_delivery ? 2500 : 60000, 1.2);
}

static void services_dns(struct ff_sim *sim, const struct ff_sim_house *h,
			 struct ff_sim_talk *t)
{
	t->inside = (uint16_t)h->dns;
	t->protocol = 17;
	t->server_port = t->application = 53;
	t->up = (struct ff_sim_volume){1, ff_sim_random_between(&sim->random, 58, 96)};
	t->down =
		(struct ff_sim_volume){1, ff_sim_random_between(&sim->random, 90, 1232)};
	t->duration_ms = 0;
	t->rtt_ms = ff_sim_random_below(&sim->random, 3);
}

/* A password guesser at the shell server: one source, one attempt after the other. */
static void services_guesser(struct ff_sim *sim, const struct ff_sim_house *h)
{
	struct ff_sim_random *r = &sim->random;
	struct ff_sim_talk t = {
		.outside = ff_sim_outside(sim, ff_sim_take(sim, 1)),
		.inside = (uint16_t)h->shell,
		.server_port = 22,
		.application = 22,
		.protocol = 6,
		.answer = FF_SIM_ANSWERED,
	};
	t.client_port = (uint16_t)ff_sim_random_between(r, 32768, 60999);
	t.start_ms = ff_sim_when(sim, FF_SIM_STEADY);
	t.rtt_ms = ff_sim_random_between(r, 20, 260);
	uint32_t attempts = 3 + ff_sim_random_popular(r, 400);
	for (uint32_t i = 0; i < attempts && !ff_sim_full(sim); i++) {
		t.duration_ms = ff_sim_duration(sim, 1900, 0.4);
		t.up = (struct ff_sim_volume){
			14, 14 * 52 + ff_sim_random_between(r, 1100, 1500)};
		t.down = (struct ff_sim_volume){
			15, 15 * 52 + ff_sim_random_between(r, 1500, 2100)};
		ff_sim_talk(sim, &t);
		t.start_ms += t.duration_ms + ff_sim_random_between(r, 200, 4000);
		t.client_port =
			t.client_port >= 60990 ? 32768 : (uint16_t)(t.client_port + 2);
	}
}

void ff_sim_border_servers(struct ff_sim *sim, const struct ff_sim_house *h,
			   uint64_t budget)
{
	ff_sim_begin(sim, "servers",
		     "clients of the web, mail, DNS and shell servers, and the replies",
		     budget);
	struct ff_sim_random *r = &sim->random;
	/* regular customers; every visit makes two flows, and a customer comes about
	 * eight times */
	uint32_t customers = (uint32_t)(ff_sim_room(sim) / 16 + 20),
		 first = ff_sim_take(sim, customers);
	while (!ff_sim_full(sim)) {
		uint32_t draw = ff_sim_random_below(r, 1000);
		if (draw < 2) {
			services_guesser(sim, h);
			continue;
		}
		struct ff_sim_talk t = {.protocol = 6, .answer = FF_SIM_ANSWERED};
		t.start_ms = ff_sim_when(
			sim, ff_sim_random_percent(r, 60) ? FF_SIM_OFFICE : FF_SIM_WORLD);
		t.rtt_ms = ff_sim_random_between(r, 8, 220);
		t.outside =
			ff_sim_outside(sim, first + ff_sim_random_popular(r, customers));
		uint32_t lowest = ff_sim_random_percent(r, 55) ? 49152 : 1024;
		t.client_port = (uint16_t)ff_sim_random_between(
			r, lowest, lowest == 1024 ? 60999 : 65535);
		if (draw < 640)
			services_web(sim, h, &t);
		else if (draw < 820)
			services_mail(sim, h, &t);
		else
			services_dns(sim, h, &t);
		if (t.protocol == 6 && ff_sim_random_percent(r, 3))
			t.answer = FF_SIM_REFUSED; /* no free worker */
		ff_sim_talk(sim, &t);
	}
	ff_sim_fact(sim, "customers", FF_SIM_NUMBER, customers);
}

/* ---- what the servers ask of the world ---- */

void ff_sim_border_mail(struct ff_sim *sim, const struct ff_sim_house *h, uint64_t budget)
{
	ff_sim_begin(sim, "mail", "the mail server delivers to servers outside", budget);
	struct ff_sim_random *r = &sim->random;
	uint32_t servers = (uint32_t)(budget / 40 + 10),
		 first = ff_sim_take(sim, servers);
	while (!ff_sim_full(sim)) {
		uint32_t draw = ff_sim_random_below(r, 100);
		struct ff_sim_talk t = {
			.inside = (uint16_t)h->mail,
			.server_port = 25,
			.application = 25,
			.protocol = 6,
			.is_from_inside = true,
			.answer = draw < 90   ? FF_SIM_ANSWERED
				  : draw < 94 ? FF_SIM_REFUSED
					      : FF_SIM_SILENCE,
		};
		t.start_ms = ff_sim_when(sim, FF_SIM_OFFICE);
		t.duration_ms = ff_sim_duration(sim, 1800, 1);
		t.rtt_ms = ff_sim_random_between(r, 8, 200);
		t.outside =
			ff_sim_outside(sim, first + ff_sim_random_popular(r, servers));
		/* a Linux host: even ports of its range */
		t.client_port = (uint16_t)(32768 + 2 * ff_sim_random_below(r, 14116));
		t.up = ff_sim_volume(sim, 18000, 1.5, 9);
		t.down = ff_sim_volume(sim, 700, 0.4, 9);
		ff_sim_talk(sim, &t);
	}
	ff_sim_fact(sim, "host", FF_SIM_HOST, h->mail);
}

void ff_sim_border_resolver(struct ff_sim *sim, const struct ff_sim_house *h,
			    uint64_t budget)
{
	ff_sim_begin(sim, "resolver", "the resolver asks name servers outside", budget);
	struct ff_sim_random *r = &sim->random;
	uint32_t servers = (uint32_t)(budget / 25 + 20),
		 first = ff_sim_take(sim, servers);
	while (!ff_sim_full(sim)) {
		struct ff_sim_talk t = {
			.inside = (uint16_t)h->dns,
			.server_port = 53,
			.application = 53,
			.protocol = 17,
			.is_from_inside = true,
			.answer = ff_sim_random_percent(r, 97) ? FF_SIM_ANSWERED
							       : FF_SIM_SILENCE,
		};
		t.start_ms = ff_sim_when(sim, FF_SIM_OFFICE);
		t.rtt_ms = 4 + (uint32_t)ff_sim_random_exponential(r, 45);
		t.outside =
			ff_sim_outside(sim, first + ff_sim_random_popular(r, servers));
		/* resolvers draw each port anew from all that are free (RFC 5452) */
		t.client_port = (uint16_t)ff_sim_random_between(r, 1024, 65535);
		t.up = (struct ff_sim_volume){1, ff_sim_random_between(r, 60, 100)};
		t.down = (struct ff_sim_volume){1, ff_sim_random_between(r, 80, 1232)};
		if (ff_sim_random_percent(r, 2) && t.answer == FF_SIM_ANSWERED) {
			/* the answer was cut short: once more, over TCP */
			t.protocol = 6;
			t.up = (struct ff_sim_volume){6, 390};
			t.down = ff_sim_volume(sim, 2400, 0.5, 5);
			t.duration_ms = 3 * t.rtt_ms;
		}
		ff_sim_talk(sim, &t);
	}
	ff_sim_fact(sim, "host", FF_SIM_HOST, h->dns);
}
