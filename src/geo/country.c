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

int ff_country_index(uint16_t country)
{
	size_t low = 0, high = COUNTRIES;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (ff_country_at(middle) < country)
			low = middle + 1;
		else
			high = middle;
	}
	return low < COUNTRIES && ff_country_at(low) == country ? (int)low : -1;
}

const char *ff_country_name(uint16_t country)
{
	int i = ff_country_index(country);

	return i > 0 ? countries[i] + 3 : "";
}
