/* SPDX-License-Identifier: MIT */
/* The surface view: time along the front, n receding with n = 1 at the back, height and
 * colour the number of sources. */
#include "figure/contact_surface.h"

#include <string.h>

static int surface_frame(struct ff_surface *s, struct ff_err *err)
{
	struct ff_buf words = FF_BUF_INIT;
	int rc;

	ff_contact_edges_words(&words, &s->grid.edges, &s->c->data);
	if (s->c->theme.is_narrow && !s->grid.is_linear) {
		/* on a column there is no room for this beside the key */
		ff_buf_adds(&words, words.len > 0 ? "; " : "");
		ff_buf_adds(&words, FF_SURFACE_ROWS_WORDS);
	}
	rc = words.failed ? ff_fail_nomem(err)
			  : ff_contact_frame(s->c, ff_buf_str(&words), err);
	ff_buf_release(&words);
	return rc;
}

static int surface_draw(struct ff_surface *s, struct ff_err *err)
{
	struct ff_contact *c = s->c;
	bool is_ridges = c->params->style == FF_CONTACT_RIDGES;
	int rc = ff_ramp_init(&s->ramp, &c->theme, c->opts, 2.5, err);

	if (rc == FF_OK)
		rc = ff_contact_grid_init(&s->grid, &c->data, ff_surface_most_columns(c),
					  is_ridges ? FF_EDGES_COMB : FF_EDGES_WHOLE,
					  c->params->is_density, err);
	if (rc == FF_OK)
		rc = surface_frame(s, err);
	if (rc < 0)
		return rc;
	ff_surface_layout(s);
	rc = ff_surface_place_axes(s, err);
	if (rc == FF_OK)
		rc = ff_surface_place_walls(s, err);
	if (rc < 0)
		return rc;
	ff_surface_place_words(s);
	ff_surface_draw_back(s);
	if (is_ridges)
		ff_surface_draw_ridges(s);
	else
		ff_surface_draw_blocks(s);
	ff_surface_draw_front(s);
	ff_surface_draw_brackets(s);
	ff_surface_draw_leaders(s);
	return FF_OK;
}

int ff_contact_surface_draw(struct ff_contact *c, struct ff_err *err)
{
	struct ff_surface *s = ff_calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return ff_fail_nomem(err);
	s->c = c;
	rc = surface_draw(s, err);
	ff_contact_grid_release(&s->grid);
	ff_ticks_release(&s->n_ticks);
	ff_ticks_release(&s->key_ticks);
	ff_ticks_release(&s->time_ticks);
	ff_free(s);
	return rc;
}
