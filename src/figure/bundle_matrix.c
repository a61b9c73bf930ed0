#include "figure/bundle.h"
int ff_bundle_matrix_draw(struct ff_bundle *g, struct ff_err *err)
{
	(void)g;
	(void)err;
	return 0;
}
double ff_bundle_matrix_height(const struct ff_theme *t, const struct ff_bundle_data *d,
			       const struct ff_bundle_params *params)
{
	(void)t;
	(void)d;
	(void)params;
	return 300;
}
