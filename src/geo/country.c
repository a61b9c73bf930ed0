/* SPDX-License-Identifier: MIT */
/* country - codes of countries and their names: ISO 3166-1 as of 2024, and the codes that
 * address registries and databases use beside it: an, ap, eu, su, uk, xk. The names are
 * the short ones that fit on a figure. */
#include <flowfig/geo.h>

/* Code, blank, name; in the order of the codes. */
static const char *const countries[] = {
	"--",
	"ad Andorra",
	"ae United Arab Emirates",
	"af Afghanistan",
	"ag Antigua and Barbuda",
	"ai Anguilla",
	"al Albania",
	"am Armenia",
	"an Netherlands Antilles",
	"ao Angola",
	"ap Asia and Pacific",
	"aq Antarctica",
	"ar Argentina",
	"as American Samoa",
	"at Austria",
	"au Australia",
	"aw Aruba",
	"ax \xc3\x85"
	"land Islands",
	"az Azerbaijan",
	"ba Bosnia and Herzegovina",
	"bb Barbados",
	"bd Bangladesh",
	"be Belgium",
	"bf Burkina Faso",
	"bg Bulgaria",
	"bh Bahrain",
	"bi Burundi",
	"bj Benin",
	"bl Saint Barth\xc3\xa9"
	"lemy",
	"bm Bermuda",
	"bn Brunei",
	"bo Bolivia",
	"bq Caribbean Netherlands",
	"br Brazil",
	"bs Bahamas",
	"bt Bhutan",
	"bv Bouvet Island",
	"bw Botswana",
	"by Belarus",
	"bz Belize",
	"ca Canada",
	"cc Cocos Islands",
	"cd Congo (Kinshasa)",
	"cf Central African Republic",
	"cg Congo (Brazzaville)",
	"ch Switzerland",
	"ci C\xc3\xb4"
	"te d'Ivoire",
	"ck Cook Islands",
	"cl Chile",
	"cm Cameroon",
	"cn China",
	"co Colombia",
	"cr Costa Rica",
	"cu Cuba",
	"cv Cape Verde",
	"cw Cura\xc3\xa7"
	"ao",
	"cx Christmas Island",
	"cy Cyprus",
	"cz Czechia",
	"de Germany",
	"dj Djibouti",
	"dk Denmark",
	"dm Dominica",
	"do Dominican Republic",
	"dz Algeria",
	"ec Ecuador",
	"ee Estonia",
	"eg Egypt",
	"eh Western Sahara",
	"er Eritrea",
	"es Spain",
	"et Ethiopia",
	"eu European Union",
	"fi Finland",
	"fj Fiji",
	"fk Falkland Islands",
	"fm Micronesia",
	"fo Faroe Islands",
	"fr France",
	"ga Gabon",
	"gb United Kingdom",
	"gd Grenada",
	"ge Georgia",
	"gf French Guiana",
	"gg Guernsey",
	"gh Ghana",
	"gi Gibraltar",
	"gl Greenland",
	"gm Gambia",
	"gn Guinea",
	"gp Guadeloupe",
	"gq Equatorial Guinea",
	"gr Greece",
	"gs South Georgia",
	"gt Guatemala",
	"gu Guam",
	"gw Guinea-Bissau",
	"gy Guyana",
	"hk Hong Kong",
	"hm Heard and McDonald Islands",
	"hn Honduras",
	"hr Croatia",
	"ht Haiti",
	"hu Hungary",
	"id Indonesia",
	"ie Ireland",
	"il Israel",
	"im Isle of Man",
	"in India",
	"io British Indian Ocean Territory",
	"iq Iraq",
	"ir Iran",
	"is Iceland",
	"it Italy",
	"je Jersey",
	"jm Jamaica",
	"jo Jordan",
	"jp Japan",
	"ke Kenya",
	"kg Kyrgyzstan",
	"kh Cambodia",
	"ki Kiribati",
	"km Comoros",
	"kn Saint Kitts and Nevis",
	"kp North Korea",
	"kr South Korea",
	"kw Kuwait",
	"ky Cayman Islands",
	"kz Kazakhstan",
	"la Laos",
	"lb Lebanon",
	"lc Saint Lucia",
	"li Liechtenstein",
	"lk Sri Lanka",
	"lr Liberia",
	"ls Lesotho",
	"lt Lithuania",
	"lu Luxembourg",
	"lv Latvia",
	"ly Libya",
	"ma Morocco",
	"mc Monaco",
	"md Moldova",
	"me Montenegro",
	"mf Saint Martin",
	"mg Madagascar",
	"mh Marshall Islands",
	"mk North Macedonia",
	"ml Mali",
	"mm Myanmar",
	"mn Mongolia",
	"mo Macau",
	"mp Northern Mariana Islands",
	"mq Martinique",
	"mr Mauritania",
	"ms Montserrat",
	"mt Malta",
	"mu Mauritius",
	"mv Maldives",
	"mw Malawi",
	"mx Mexico",
	"my Malaysia",
	"mz Mozambique",
	"na Namibia",
	"nc New Caledonia",
	"ne Niger",
	"nf Norfolk Island",
	"ng Nigeria",
	"ni Nicaragua",
	"nl Netherlands",
	"no Norway",
	"np Nepal",
	"nr Nauru",
	"nu Niue",
	"nz New Zealand",
	"om Oman",
	"pa Panama",
	"pe Peru",
	"pf French Polynesia",
	"pg Papua New Guinea",
	"ph Philippines",
	"pk Pakistan",
	"pl Poland",
	"pm Saint Pierre and Miquelon",
	"pn Pitcairn",
	"pr Puerto Rico",
	"ps Palestine",
	"pt Portugal",
	"pw Palau",
	"py Paraguay",
	"qa Qatar",
	"re R\xc3\xa9"
	"union",
	"ro Romania",
	"rs Serbia",
	"ru Russia",
	"rw Rwanda",
	"sa Saudi Arabia",
	"sb Solomon Islands",
	"sc Seychelles",
	"sd Sudan",
	"se Sweden",
	"sg Singapore",
	"sh Saint Helena",
	"si Slovenia",
	"sj Svalbard and Jan Mayen",
	"sk Slovakia",
	"sl Sierra Leone",
	"sm San Marino",
	"sn Senegal",
	"so Somalia",
	"sr Suriname",
	"ss South Sudan",
	"st S\xc3\xa3"
	"o Tom\xc3\xa9"
	" and Pr\xc3\xad"
	"ncipe",
	"su Soviet Union",
	"sv El Salvador",
	"sx Sint Maarten",
	"sy Syria",
	"sz Eswatini",
	"tc Turks and Caicos Islands",
	"td Chad",
	"tf French Southern Territories",
	"tg Togo",
	"th Thailand",
	"tj Tajikistan",
	"tk Tokelau",
	"tl Timor-Leste",
	"tm Turkmenistan",
	"tn Tunisia",
	"to Tonga",
	"tr Turkey",
	"tt Trinidad and Tobago",
	"tv Tuvalu",
	"tw Taiwan",
	"tz Tanzania",
	"ua Ukraine",
	"ug Uganda",
	"uk United Kingdom",
	"um US Outlying Islands",
	"us United States",
	"uy Uruguay",
	"uz Uzbekistan",
	"va Vatican City",
	"vc Saint Vincent",
	"ve Venezuela",
	"vg British Virgin Islands",
	"vi US Virgin Islands",
	"vn Vietnam",
	"vu Vanuatu",
	"wf Wallis and Futuna",
	"ws Samoa",
	"xk Kosovo",
	"ye Yemen",
	"yt Mayotte",
	"za South Africa",
	"zm Zambia",
	"zw Zimbabwe",
};
enum { COUNTRIES = sizeof(countries) / sizeof(countries[0]) };
_Static_assert(COUNTRIES <= 256, "an index does not fit into a byte");

static uint16_t country_lower(char c)
{
	return (uint16_t)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool ff_parse_country(uint16_t *out, const char *s, size_t len)
{
	uint16_t a, b;

	if (len != 2)
		return false;
	a = country_lower(s[0]);
	b = country_lower(s[1]);
	if ((a == '-' && b == '-') || (a == 'z' && b == 'z')) {
		*out = FF_COUNTRY_NONE;
		return true;
	}
	/* a1, a2 and o1 are proxies, satellites and others in older databases */
	if (a < 'a' || a > 'z' || !((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9')))
		return false;
	*out = FF_COUNTRY(a, b);
	return true;
}

char *ff_format_country(char buf[3], uint16_t country)
{
	buf[0] = (char)(country >> 8);
	buf[1] = (char)(country & 0xff);
	buf[2] = '\0';
	return buf;
}

size_t ff_country_count(void)
{
	return COUNTRIES;
}

uint16_t ff_country_at(size_t i)
{
	return FF_COUNTRY(countries[i][0], countries[i][1]);
}

/* For each first letter: where its codes begin, and their second letters as bits. */
static const struct {
	uint8_t start;
	uint32_t second;
} by_letter[26] = {
	{1, 0x2dff978},	  /* a */
	{19, 0x36f7bfb},  /* b */
	{40, 0x3f27ded},  /* c */
	{59, 0x2005610},  /* d */
	{65, 0x01e00d4},  /* e */
	{73, 0x0025700},  /* f */
	{79, 0x15fb9fb},  /* g */
	{98, 0x01a3400},  /* h */
	{104, 0x00f7818}, /* i */
	{114, 0x000d010}, /* j */
	{118, 0x342b1d0}, /* k */
	{129, 0x13e0507}, /* l */
	{140, 0x3fffcfd}, /* m */
	{163, 0x212c975}, /* n */
	{175, 0x0001000}, /* o */
	{176, 0x14e3cf1}, /* p */
	{190, 0x0000001}, /* q */
	{191, 0x0544010}, /* r */
	{196, 0x3be7fdf}, /* s */
	{218, 0x26a7eec}, /* t */
	{234, 0x3041441}, /* u */
	{241, 0x0102155}, /* v */
	{248, 0x0040020}, /* w */
	{250, 0x0000400}, /* x */
	{251, 0x0080010}, /* y */
	{253, 0x0401001}, /* z */
};

static unsigned country_bits(uint32_t v)
{
	v -= v >> 1 & 0x55555555;
	v = (v & 0x33333333) + (v >> 2 & 0x33333333);
	return ((v + (v >> 4)) & 0x0f0f0f0f) * 0x01010101 >> 24;
}

int ff_country_index(uint16_t country)
{
	unsigned a = (country >> 8) - 'a', b = (country & 0xff) - 'a';

	if (country == FF_COUNTRY_NONE)
		return 0;
	if (a > 25 || b > 25 || !(by_letter[a].second >> b & 1))
		return -1;
	return (int)(by_letter[a].start +
		     country_bits(by_letter[a].second & ((UINT32_C(1) << b) - 1)));
}

const char *ff_country_name(uint16_t country)
{
	int i = ff_country_index(country);

	return i > 0 ? countries[i] + 3 : "";
}
