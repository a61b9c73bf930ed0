/* SPDX-License-Identifier: MIT */
/* geo - the country and the autonomous system of an address; names of networks.
 *
 * A database is flattened into sorted ranges when it is opened, whatever its format, so
 * that a lookup is one look into an index and a short search, costs no system call and no
 * lock, and any number of threads may ask at once. */
#ifndef FLOWFIG_GEO_H
#define FLOWFIG_GEO_H

#include <flowfig/base.h>

/* ---- countries: two lower-case letters in 16 bits, so that numbers sort as codes ----
 */

#define FF_COUNTRY(a, b) ((uint16_t)((a) << 8 | (b)))
#define FF_COUNTRY_NONE FF_COUNTRY('-', '-') /* unknown, private, in no database */

/* "de", "DE", or "--". ZZ, which ISO 3166 leaves to users and registries write for
 * nobody, is FF_COUNTRY_NONE. */
bool ff_parse_country(uint16_t *out, const char *s, size_t len);
char *ff_format_country(char buf[3], uint16_t country); /* "de"; "--" */
/* The English short name: "Germany"; "" of a code that has none. */
const char *ff_country_name(uint16_t country);
/* All codes that have a name: ISO 3166-1's, and what databases use beside them (an ap eu
 * su uk xk), in order, after FF_COUNTRY_NONE, which is the first. At most 256. */
size_t ff_country_count(void);
uint16_t ff_country_at(size_t i);
int ff_country_index(uint16_t country); /* its place in that list, or -1 */

/* ---- databases ---- */

/* What can be asked; a mask where both may be meant. */
enum {
	FF_GEO_COUNTRY = 1,
	FF_GEO_ASN = 2,
};

struct ff_geo;
struct ff_stream;

int ff_geo_new(struct ff_geo **out, struct ff_err *err);
/* Adds what the file tells, countries, numbers, or both. The format goes by content:
 *   MaxMind DB     GeoLite2 and GeoIP2 Country, City, Enterprise, ASN, ISP; DB-IP;
 *                  IPinfo; ip-location-db. Country: country.iso_code, country_code or a
 *                  text `country`; number: autonomous_system_number, asn, or that of
 *                  traits. The country in which the address is used; where only the one
 *                  of registration is known there is none.
 *   text           FIRST,LAST,CC or FIRST,LAST,ASN lines, addresses in the usual form
 *                  or IPv4 as a number; '#' comments; tor-geoipdb's geoip and geoip6
 *   SiLK           country-code prefix maps (versions 1 and 5)
 * FF_EFORMAT, naming file and reason, when the file is damaged, of no such format, or
 * tells neither; FF_EUSAGE when a file before it told the same of the same addresses.
 * After a failure *g is as before. */
int ff_geo_add(struct ff_geo *g, const char *path, struct ff_err *err);
void ff_geo_free(struct ff_geo *g); /* NULL allowed */

/* Whether the file is a MaxMind DB or a prefix map; text is not told from other text. */
bool ff_geo_is(const struct ff_stream *s, const uint8_t *head, size_t len);
unsigned ff_geo_has(const struct ff_geo *g); /* mask of what can be asked */
/* FF_COUNTRY_NONE when it is not known. IPv6 addresses that carry an IPv4 one (6to4,
 * Teredo, ::/96) have its country where the database says so. */
uint16_t ff_geo_country(const struct ff_geo *g, const struct ff_addr *a);
/* The same of n addresses, each `stride` bytes behind the one before; faster, because
 * looks into memory wait for each other less. */
void ff_geo_countries(const struct ff_geo *g, uint16_t *out, const struct ff_addr *first,
		      size_t stride, size_t n);
uint32_t ff_geo_asn(const struct ff_geo *g, const struct ff_addr *a); /* 0 = unknown */

/* For provenance. Which database, for people: "GeoLite2-Country.mmdb, GeoLite2-Country,
 * built 2024-05-01, digest 0123456789abcdef", all files with "; " between. Borrowed. */
const char *ff_geo_text(const struct ff_geo *g);
/* Equal when the files' contents are; the order in which they were added is no part. */
uint64_t ff_geo_digest(const struct ff_geo *g);

#endif
