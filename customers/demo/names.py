"""Names of companies and people in four countries; places and people are made up."""

from random import Random

PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "NO": (
        ("Ask", "Bjerk", "Brekk", "Fjell", "Furu", "Gran", "Hassel", "Krok", "Lyng", "Myr", "Orr",
         "Rogn", "Selje", "Skog", "Sol", "Stor", "Tverr", "Tind", "Ulv", "Vinter"),
        ("bakken", "dalen", "eidet", "haugen", "lia", "moen", "neset", "stad", "sund", "tun",
         "vika", "åsen"),
    ),
    "SE": (
        ("Alm", "Björk", "Ek", "Gran", "Hed", "Häll", "Kvarn", "Lind", "Ljung", "Moss", "Rönn",
         "Sand", "Silver", "Skogs", "Sten", "Tall", "Väster", "Älg", "Ängs", "Öster"),
        ("berga", "boda", "by", "fors", "holm", "hult", "lunda", "näs", "sjö", "torp", "vik", "ås"),
    ),
    "DK": (
        ("Ager", "Birke", "Bøge", "Eng", "Fuglse", "Havre", "Hede", "Hvid", "Kær", "Klit",
         "Lange", "Lille", "Mose", "Møl", "Rug", "Skov", "Sønder", "Tang", "Vester", "Øster"),
        ("balle", "bjerg", "borg", "by", "gård", "holt", "lund", "rup", "sted", "strup", "toft",
         "vig"),
    ),
    "FI": (
        ("Haapa", "Hopea", "Kallio", "Kelo", "Kivi", "Koivu", "Kuusi", "Lehto", "Leppä", "Musta",
         "Mänty", "Pihlaja", "Pitkä", "Pohjan", "Saari", "Suvi", "Talvi", "Tammi", "Vaahtera",
         "Valko"),
        ("harju", "järvi", "kangas", "koski", "lahti", "mäki", "niemi", "pelto", "ranta", "salo",
         "suo", "vaara"),
    ),
}  # fmt: skip

TRADES: dict[str, dict[str, tuple[str, ...]]] = {
    "construction": {
        "NO": ("Bygg", "Tømrer", "Entreprenør", "Mur og Betong"),
        "SE": ("Bygg", "Snickeri", "Entreprenad", "Mark och Betong"),
        "DK": ("Byg", "Tømrer", "Entreprise", "Murer"),
        "FI": ("Rakennus", "Puutyö", "Betoni", "Urakointi"),
    },
    "electrical": {
        "NO": ("Elektro", "Elservice", "Installasjon"),
        "SE": ("Elektro", "Elteknik", "Installation"),
        "DK": ("El", "Elteknik", "Installation"),
        "FI": ("Sähkö", "Sähköasennus", "Automaatio"),
    },
    "plumbing": {
        "NO": ("Rør", "VVS", "Rørservice"),
        "SE": ("Rör", "VVS", "Värmeteknik"),
        "DK": ("VVS", "Blik og Rør", "Varmeteknik"),
        "FI": ("Putki", "LVI", "Lämpö"),
    },
    "facility services": {
        "NO": ("Renhold", "Eiendomsservice", "Vaktmester"),
        "SE": ("Städ", "Fastighetsservice", "Lokalvård"),
        "DK": ("Rengøring", "Ejendomsservice", "Facility"),
        "FI": ("Siivous", "Kiinteistöpalvelu", "Huolto"),
    },
    "logistics": {
        "NO": ("Transport", "Logistikk", "Budservice"),
        "SE": ("Åkeri", "Logistik", "Frakt"),
        "DK": ("Transport", "Logistik", "Fragt"),
        "FI": ("Kuljetus", "Logistiikka", "Rahti"),
    },
    "tourism": {
        "NO": ("Opplevelser", "Fjellhotell", "Sjøcamping"),
        "SE": ("Äventyr", "Stugby", "Herrgård"),
        "DK": ("Oplevelser", "Feriecenter", "Kro"),
        "FI": ("Elämykset", "Lomakylä", "Matkailu"),
    },
    "engineering": {
        "NO": ("Ingeniør", "Prosjekt", "Rådgivning"),
        "SE": ("Ingenjör", "Projekt", "Konsult"),
        "DK": ("Ingeniør", "Projekt", "Rådgivning"),
        "FI": ("Insinöörit", "Projektit", "Suunnittelu"),
    },
    "health care": {
        "NO": ("Omsorg", "Helse", "Hjemmetjeneste"),
        "SE": ("Omsorg", "Vård", "Hemtjänst"),
        "DK": ("Omsorg", "Pleje", "Hjemmehjælp"),
        "FI": ("Hoiva", "Kotihoito", "Terveys"),
    },
}

FORMS = {"NO": ("AS",), "SE": ("AB",), "DK": ("ApS", "A/S"), "FI": ("Oy",)}

FIRST = {
    "NO": "Anders Anne Astrid Bjørn Camilla Eirik Elise Erlend Eva Frode Guro Hanne Hege Håkon Ida "
    "Jon Kari Kjetil Line Magnus Maren Morten Nina Odd Ragnhild Silje Sindre Siri Stian Tone Trond "
    "Vegard Øyvind",
    "SE": "Agneta Anna Axel Birgitta Björn Carina David Elsa Emma Fredrik Göran Gunilla Hampus "
    "Johanna Karin Kerstin Lennart Linnea Lovisa Malin Mattias Mikael Niklas Oskar Per Petra "
    "Rebecka Sara Stefan Tove Ulrika Viktor Åsa",
    "DK": "Anders Anne Bente Birgitte Bo Camilla Christian Frederik Gitte Hanne Helle Henrik "
    "Ida Jens Jesper Karen Kasper Lone Louise Mads Maja Mikkel Morten Niels Pernille Rasmus Signe "
    "Søren Thomas Tine Torben Ulla",
    "FI": "Aada Antti Eero Elina Emilia Hanna Heikki Helmi Ilkka Jani Johanna Juha Kaisa Katri "
    "Kirsi Lauri Leena Markku Matti Mika Minna Niina Olli Pekka Riikka Sami Sanna Tapio Tiina "
    "Timo Tuula Ville",
}
LAST = {
    "NO": "Aasland Bakkerud Bergli Brenden Dahlsrud Eikanger Fossheim Granlund Haugland Hovden "
    "Kleppe Kvamme Langeland Moland Myhrvold Nesheim Opsahl Rognstad Sandbakk Skogheim Solvang "
    "Stensrud Tangen Tveitan Ulvund Vatnehol Vikhaug Ødegården",
    "SE": "Alsterlund Bergkvist Blomdahl Brolin Dahlborg Edström Ekholm Fagerlund Granqvist Hallin "
    "Hedborg Holmgren Isaksson Kjellberg Lagerås Lindmark Moberg Norling Palmér Rydell Sandell "
    "Sjökvist Stenmark Sundelin Thorell Viklund Åkesson Öhrn",
    "DK": "Aagaard Bisgaard Brandstrup Dalsgaard Damgaard Ebbesen Fogh Frandsen Gravesen Hedegaard "
    "Hjorth Iversen Juhl Kjærgaard Klitgaard Krogsgaard Lauridsen Lundsgaard Mikkelsen Nygaard "
    "Overgaard Ravn Skovgaard Smedegaard Thorsen Toft Vestergaard Winther",
    "FI": "Aaltonen Haapala Halonen Harjula Heinola Hiltunen Hirvonen Jokela Kallio Karhula "
    "Kekäläinen Kivelä Koivula Koskela Laaksola Lahtela Lehtola Mäenpää Niemelä Ojala Peltola "
    "Rantala Saarela Salmela Suvanto Tammela Vainio Ylönen",
}
PEOPLE = {
    country: (tuple(FIRST[country].split()), tuple(LAST[country].split())) for country in FIRST
}

_PLAIN = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "é": "e", " ": "-", "/": ""}
)


def company_name(dice: Random, country: str, industry: str) -> str:
    """For example "Lyngvika Elektro AS"."""
    starts, ends = PLACES[country]
    place = dice.choice(starts) + dice.choice(ends)
    return f"{place} {dice.choice(TRADES[industry][country])} {dice.choice(FORMS[country])}"


def person_name(dice: Random, country: str) -> str:
    """A first and a last name."""
    first, last = PEOPLE[country]
    return f"{dice.choice(first)} {dice.choice(last)}"


def plain(text: str) -> str:
    """Lower case a to z and hyphens, for addresses."""
    return text.lower().translate(_PLAIN)


def address(person: str, company: str) -> str:
    """A person's mail address at a company; `.example` never reaches anyone."""
    domain = plain(company.rsplit(" ", 1)[0])
    return f"{plain(person).replace('-', '.', 1)}@{domain}.example"


def organisation_number(dice: Random, country: str) -> str:
    """Of the country's shape, from a range that no register gives out."""
    digits = f"{dice.randrange(10**6):06d}"
    if country == "NO":
        return f"700{digits}"
    if country == "SE":
        return f"5500{digits[:2]}-{digits[2:]}"
    return f"00{digits}" if country == "DK" else f"0{digits}-{dice.randrange(10)}"
