/* SPDX-License-Identifier: MIT */
/* geo - which databases of countries and systems a command uses: those that --geo names,
 * or, when something needs one, what lies where the packages of databases put them. */
#include "cli/read.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usual[] = "/usr/share/GeoIP:/var/lib/GeoIP:/usr/local/share/GeoIP:"
			    "/usr/share/tor";

/* In each folder, the finer first. The last pair is tor-geoipdb's. */
static const struct geo_name {
	unsigned tells;
	const char *names[2];
} names[] = {
	{FF_GEO_COUNTRY, {"GeoIP2-Country.mmdb", NULL}},
	{FF_GEO_COUNTRY, {"GeoLite2-Country.mmdb", NULL}},
	{FF_GEO_COUNTRY, {"GeoIP2-City.mmdb", NULL}},
	{FF_GEO_COUNTRY, {"GeoLite2-City.mmdb", NULL}},
	{FF_GEO_COUNTRY, {"dbip-country-lite.mmdb", NULL}},
	{FF_GEO_COUNTRY, {"geoip", "geoip6"}},
	{FF_GEO_ASN, {"GeoIP2-ISP.mmdb", NULL}},
	{FF_GEO_ASN, {"GeoLite2-ASN.mmdb", NULL}},
	{FF_GEO_ASN, {"dbip-asn-lite.mmdb", NULL}},
};

static const char *geo_what(unsigned tells)
{
	return tells & FF_GEO_COUNTRY ? "countries" : "autonomous systems";
}

/* Adds what --geo did not name, and says so. */
static int geo_add(struct ff_cli *cli, struct ff_geo *g, unsigned tells, const char *path,
		   struct ff_err *err)
{
	int rc = ff_geo_add(g, path, err);
	if (rc == FF_OK)
		ff_cli_note(cli, "%s by '%s'", geo_what(tells), path);
	return rc;
}

/* 1 = the folder has it, 0 = it does not, < 0 = it has, but damaged. */
static int geo_in_folder(struct ff_cli *cli, struct ff_geo *g, const struct geo_name *n,
			 const char *folder, size_t len, struct ff_err *err)
{
	char path[1024];
	int found = 0;
	for (size_t i = 0; i < 2 && n->names[i]; i++) {
		snprintf(path, sizeof path, "%.*s/%s", (int)(len < 900 ? len : 900),
			 folder, n->names[i]);
		if (access(path, R_OK) != 0)
			continue;
		int rc = geo_add(cli, g, n->tells, path, err);
		if (rc)
			return rc;
		found = 1;
	}
	return found;
}

/* Whatever tells `what`, in the first folder that has something. */
static int geo_search(struct ff_cli *cli, struct ff_geo *g, unsigned what,
		      const char *path, struct ff_err *err)
{
	while (*path) {
		size_t len = strcspn(path, ":");
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			if (names[i].tells != what || !len)
				continue;
			int rc = geo_in_folder(cli, g, &names[i], path, len, err);
			if (rc)
				return rc < 0 ? rc : FF_OK;
		}
		path += len + (path[len] == ':');
	}
	return FF_OK;
}

static int geo_find(struct ff_cli *cli, struct ff_geo *g, unsigned wanted,
		    struct ff_err *err)
{
	const char *path = cli->geo_path ? cli->geo_path : usual;
	unsigned lacking = wanted & ~ff_geo_has(g);
	int rc = FF_OK;
	if (lacking & FF_GEO_COUNTRY && cli->country_map)
		rc = geo_add(cli, g, FF_GEO_COUNTRY, cli->country_map, err);
	else if (lacking & FF_GEO_COUNTRY)
		rc = geo_search(cli, g, FF_GEO_COUNTRY, path, err);
	if (rc == FF_OK && wanted & ~ff_geo_has(g) & FF_GEO_ASN)
		rc = geo_search(cli, g, FF_GEO_ASN, path, err);
	lacking = wanted & ~ff_geo_has(g);
	if (rc || !lacking)
		return rc;
	return ff_fail(err, FF_EUSAGE,
		       "%s are asked for, and no database that tells them is in %s: give "
		       "'--geo=FILE'%s",
		       geo_what(lacking), path,
		       lacking & FF_GEO_COUNTRY ? " or install tor-geoipdb" : "");
}

static int geo_given(struct ff_cli_read *r, unsigned wanted, struct ff_err *err)
{
	bool off = false, opened = ff_geo_has(r->geo);
	int rc = FF_OK;
	for (size_t i = 0; i < r->geo_files.count; i++)
		off |= strcmp(r->geo_files.items[i], "none") == 0;
	for (size_t i = 0; i < r->geo_files.count && !off && !opened && rc == FF_OK; i++)
		rc = ff_geo_add(r->geo, r->geo_files.items[i], err);
	unsigned lacking = wanted & ~ff_geo_has(r->geo);
	if (rc || !lacking)
		return rc;
	return ff_fail(err, FF_EUSAGE, "%s are asked for, which '--geo=%s' %s",
		       geo_what(lacking),
		       off ? "none" : r->geo_files.items[r->geo_files.count - 1],
		       off ? "turns off" : "does not tell");
}

int ff_cli_geo_open(struct ff_cli *cli, struct ff_cli_read *r, unsigned wanted,
		    struct ff_err *err)
{
	int rc = FF_OK;
	if (!wanted && !r->geo_files.count)
		return FF_OK;
	if (!r->geo)
		rc = ff_geo_new(&r->geo, err);
	if (rc)
		return rc;
	return r->geo_files.count ? geo_given(r, wanted, err)
				  : geo_find(cli, r->geo, wanted, err);
}
