"""Words that mean one thing in four languages, so that a theme spans them.

A topic is what a comment speaks of, a trouble what is wrong with it. Each has a label and its words
by language; the words are stemmed when they are looked for, so one form of each is enough.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Concept:
    """A label and words by language; words stand in one text, parted by spaces."""

    key: str
    labels: dict[str, str]
    words: dict[str, str]

    def line(self, language: str) -> str:
        """Any of its words, as a theme writes it."""
        return "/".join(self.words[language].split())


def concept(key: str, **spoken: tuple[str, str]) -> Concept:
    labels = {language: label for language, (label, _words) in spoken.items()}
    return Concept(key, labels, {language: words for language, (_label, words) in spoken.items()})


TOPICS = (
    concept(
        "app",
        en=("The app", "app apps mobile phone phones android iphone"),
        nb=("Appen", "app mobilapp mobil mobilen telefonen telefonene android iphone"),
        da=("Appen", "app mobilapp mobil mobilen telefonen telefonerne android iphone"),
        sv=("Appen", "app mobilapp mobil mobilen telefonen telefonerna android iphone"),
    ),
    concept(
        "invoice",
        en=("Invoices", "invoice invoices invoicing billing bill bills"),
        nb=("Fakturaer", "faktura fakturaene fakturering regningen regninger"),
        da=("Fakturaer", "faktura fakturaerne fakturering regningen regninger"),
        sv=("Fakturor", "faktura fakturor fakturering räkningen räkningar"),
    ),
    concept(
        "price",
        en=("The price", "price prices pricing expensive cost costs dear cheaper"),
        nb=("Prisen", "pris prisen priser dyr dyrt dyrere kostnad koster billigere"),
        da=("Prisen", "pris prisen priser dyr dyrt dyrere omkostning koster billigere"),
        sv=("Priset", "pris priset priser dyr dyrt dyrare kostnad kostar billigare"),
    ),
    concept(
        "support",
        en=("Support", "support helpdesk reply replies ticket tickets"),
        nb=("Kundestøtte", "support kundestøtte kundeservice svar henvendelse sak saken saker"),
        da=("Support", "support kundeservice svar henvendelse sag sagen sager"),
        sv=("Support", "support kundtjänst kundservice svar ärende ärendet ärenden"),
    ),
    concept(
        "reports",
        en=("Reports", "report reports reporting statistics dashboard"),
        nb=("Rapporter", "rapport rapporter rapportene rapportering statistikk"),
        da=("Rapporter", "rapport rapporter rapporterne rapportering statistik"),
        sv=("Rapporter", "rapport rapporter rapporterna rapportering statistik"),
    ),
    concept(
        "integration",
        en=("Connections to other systems", "integration integrations api connector sync"),
        nb=("Koblinger til andre systemer", "integrasjon integrasjoner api kobling synkronisering"),
        da=("Koblinger til andre systemer", "integration integrationer api kobling synkronisering"),
        sv=("Kopplingar till andra system", "integration integrationer api koppling synkning"),
    ),
    concept(
        "payroll",
        en=("Payroll", "payroll salary salaries wages"),
        nb=("Lønn", "lønn lønnen lønnskjøring lønnskjøringen lønnsuka"),
        da=("Løn", "løn lønnen lønkørsel lønkørslen lønugen"),
        sv=("Lön", "lön lönen lönekörning lönekörningen löneveckan"),
    ),
    concept(
        "sign-in",
        en=("Signing in", "login password passwords sso signin"),
        nb=("Innlogging", "innlogging innloggingen pålogging passord passordet brukernavn sso"),
        da=("Log ind", "login adgangskode adgangskoden kodeord brugernavn sso"),
        sv=("Inloggning", "inloggning inloggningen lösenord lösenordet användarnamn sso"),
    ),
    concept(
        "outage",
        en=("Outages", "outage outages downtime unavailable"),
        nb=("Nedetid", "nedetid nede driftsstans utilgjengelig"),
        da=("Nedetid", "nedetid nede driftsstop utilgængelig"),
        sv=("Driftstopp", "nertid nere driftstopp driftstörning otillgänglig"),
    ),
    concept(
        "training",
        en=("Training", "training onboarding course tutorial"),
        nb=("Opplæring", "opplæring oppstart kurs veiledning"),
        da=("Oplæring", "oplæring opstart kursus vejledning"),
        sv=("Utbildning", "utbildning uppstart kurs vägledning"),
    ),
    concept(
        "coverage",
        en=("No coverage", "coverage offline basement"),
        nb=("Uten dekning", "dekning frakoblet kjeller"),
        da=("Uden dækning", "dækning offline kælder"),
        sv=("Utan täckning", "täckning offline källare"),
    ),
)  # fmt: skip
TROUBLES = (
    concept(
        "slow",
        en=(
            "slow",
            "slow slowly sluggish ages forever hangs lags freezes loading wait waiting",
        ),
        nb=("treg", "treg tregt seig sakte langsom evighet henger fryser laster lenge"),
        da=("langsom", "langsom langsomt sløv træg evighed hænger fryser loader længe"),
        sv=("långsam", "långsam långsamt seg segt trög evighet evigt hänger fryser laddar länge"),
    ),
    concept(
        "unclear",
        en=("hard to understand", "understand unclear confusing read explain"),
        nb=("vanskelig å forstå", "forstå skjønner skjønne uklar uklart lese forklare"),
        da=("svær at forstå", "forstå forstår uklar uklart læse forklare"),
        sv=("svår att förstå", "förstå förstår otydlig otydligt läsa förklara"),
    ),
    concept(
        "waiting",
        en=("long wait", "wait waiting waited"),
        nb=("lang ventetid", "vente venter ventet ventetid"),
        da=("lang ventetid", "vente venter ventet ventetid"),
        sv=("lång väntan", "vänta väntar väntat väntetid"),
    ),
    concept(
        "missing",
        en=("something is missing", "missing lack lacks lacking"),
        nb=("noe mangler", "mangler mangle savner"),
        da=("noget mangler", "mangler mangle savner"),
        sv=("något saknas", "saknas saknar fattas"),
    ),
    concept(
        "failing",
        en=("does not work", "crash crashes error errors bug bugs fails broken loses"),
        nb=("virker ikke", "krasjer feil feiler mister forsvinner"),
        da=("virker ikke", "crasher fejl fejler mister forsvinder"),
        sv=("fungerar inte", "kraschar fel tappar försvinner"),
    ),
)
