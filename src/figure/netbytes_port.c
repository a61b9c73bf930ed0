#include "figure/netbytes.h"
int ff_netbytes_port_draw(struct ff_netbytes *n, struct ff_err *err)
{
	(void)n;
	return ff_fail(err, FF_EFORMAT, "not yet");
}
