"""Words that speak for a ready reason, by language; of a line every word must stand there.

A slash holds words of one meaning apart. Words are compared by their stems, and a line that is
negated ("not expensive") does not speak.
"""

NEGATIONS = {
    "not",
    "never",
    "no",
    "ikke",
    "ikkje",
    "aldri",
    "aldrig",
    "inte",
    "ej",
    "ingen",
    "icke",
}

LEXICON: dict[str, dict[str, tuple[str, ...]]] = {
    "price": {
        "en": ("expensive", "pricey", "costly", "cheaper", "price increase/rise/hike/high"),
        "nb": ("dyrt/dyr/dyre", "dyrere", "billigere", "pris/prisen høy/økt/opp", "prisøkning"),
        "da": ("dyrt/dyr/dyre", "dyrere", "billigere", "pris/prisen høj/steget", "prisstigning"),
        "sv": ("dyrt/dyr/dyra", "dyrare", "billigare", "pris/priset hög/högt/höjt", "prishöjning"),
    },
    "return-on-spend": {
        "en": ("worth money/price/cost", "roi", "value money"),
        "nb": ("igjen pengene", "verdt pengene/prisen"),
        "da": ("udbytte pengene", "pengene værd"),
        "sv": ("värt pengarna/priset", "avkastning"),
    },
    "results-not-delivered": {
        "en": ("results promised/missing", "deliver promised"),
        "nb": ("resultater/resultatene uteble/lovet/lovte", "leverte lovet/lovte"),
        "da": ("resultater/resultaterne udeblev/lovet/lovede", "leverede lovet/lovede"),
        "sv": ("resultat/resultaten uteblev/utlovade/lovade", "levererade utlovade/lovade"),
    },
    "support-quality": {
        "en": ("support slow/bad/poor/unhelpful", "answer/reply/response support/slow/weeks"),
        "nb": ("support/kundestøtte/kundeservice dårlig/treg/treige/svar",),
        "da": ("support/kundeservice dårlig/langsom/svar",),
        "sv": ("support/supporten/kundtjänst dålig/långsam/svar",),
    },
    "onboarding": {
        "en": ("onboarding", "got started", "training"),
        "nb": ("opplæring", "kom gang"),
        "da": ("oplæring", "kom gang"),
        "sv": ("introduktion", "kom igång", "kom gång"),
    },
    "competitor": {
        "en": ("competitor", "switched/switching/moved/moving another/supplier/provider/vendor"),
        "nb": ("konkurrent", "byttet/bytter leverandør/system/annen"),
        "da": ("konkurrent", "skiftet/skifter leverandør/system/anden"),
        "sv": ("konkurrent", "bytt/byter/bytte leverantör/system/annan"),
    },
    "data-protection": {
        "en": ("gdpr", "privacy", "data protection", "security"),
        "nb": ("gdpr", "personvern", "datasikkerhet"),
        "da": ("gdpr", "databeskyttelse", "datasikkerhed"),
        "sv": ("gdpr", "dataskydd", "datasäkerhet"),
    },
    "need-gone": {
        "en": ("longer need", "need anymore/longer", "project finished/over/ended"),
        "nb": ("lenger/lengre behov", "trenger lenger", "prosjektet ferdig/avsluttet"),
        "da": ("længere behov", "længere brug", "projektet færdigt/afsluttet"),
        "sv": ("längre behov", "behöver längre", "projektet klart/avslutat"),
    },
    "not-used": {
        "en": ("hardly/barely/rarely/never use/used", "low usage"),
        "nb": ("brukte/bruker/brukt lite/sjelden/aldri/knapt",),
        "da": ("brugte/bruger/brugt lidt/sjældent/aldrig/knap",),
        "sv": ("använder/använde/använt lite/sällan/aldrig/knappt",),
    },
    "closed-or-merged": {
        "en": ("bankrupt", "bankruptcy", "closing/closed business/down", "acquired", "merger"),
        "nb": ("konkurs", "nedleggelse", "legger ned", "lagt ned", "fusjon", "kjøpt opp"),
        "da": ("konkurs", "lukker virksomheden/ned", "fusion", "opkøbt"),
        "sv": ("konkurs", "nedläggning", "lägger ner/ned", "fusion", "uppköpta"),
    },
    "payment-failed": {
        "en": ("payment/card failed/declined/expired",),
        "nb": ("betaling/betalingen/kort/kortet mislyktes/feilet/avvist/utløpt",),
        "da": ("betaling/betalingen/kort/kortet mislykkedes/fejlede/afvist/udløbet",),
        "sv": ("betalning/betalningen/kort/kortet misslyckades/nekades/utgått",),
    },
    "missing-feature": {
        "en": ("feature missing/lacking/lack", "missing/lacks integration", "lacks feature"),
        "nb": ("funksjon/funksjoner/integrasjon mangler/manglet/savner/manglende",),
        "da": ("funktion/funktioner/integration mangler/manglede/savner/manglende",),
        "sv": ("funktion/funktioner/integration saknas/saknar/saknade",),
    },
    "reliability": {
        "en": ("downtime", "outage", "crashes/crashed", "bugs/buggy", "unstable"),
        "nb": ("nedetid", "ustabil/ustabilt", "krasjer/krasjet", "feil stadig/mange/mye"),
        "da": ("nedetid", "ustabil/ustabilt", "crasher/crashede", "fejl hele/mange"),
        "sv": ("driftstopp", "instabil/instabilt", "kraschar/kraschade", "fel många/ständigt"),
    },
    "taken-in-house": {
        "en": ("inhouse", "do/doing ourselves"),
        "nb": ("internt", "gjør selv"),
        "da": ("internt", "gør selv"),
        "sv": ("internt", "gör själva"),
    },
    "budget-cut": {
        "en": ("budget cut/cuts/reduced", "cutting/cut costs", "savings"),
        "nb": ("budsjett/budsjettet kuttet/kutt/redusert", "nedskjæringer", "kutte kostnader"),
        "da": ("budget/budgettet skåret/nedsat", "nedskæringer", "besparelser"),
        "sv": ("budget/budgeten minskad/skuren", "nedskärningar", "besparingar"),
    },
    "key-person-left": {
        "en": ("colleague/manager/person/champion left/quit",),
        "nb": ("ansvarlig/ansvarlige/kontaktperson/lederen sluttet/sluttar",),
        "da": ("ansvarlig/ansvarlige/kontaktperson/lederen stoppet/stoppede/sagt",),
        "sv": ("ansvarig/ansvariga/kontaktperson/chefen slutat/slutade",),
    },
}  # fmt: skip
