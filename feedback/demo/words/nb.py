"""What customers answer, in Norwegian bokmål."""

APP_SLOW = (
    "Mobilappen er treg. Folka venter et halvt minutt på dagens plan.",
    "Appen bruker en evighet på å starte på telefonene vi har.",
    "Greit på PC, men mobilappen er altfor treg ute på anlegget.",
    "Basene har sluttet å bruke appen fordi den er så treg.",
    "Siden i sommer henger appen hver gang noen stempler inn.",
)
INVOICES = (
    "Jeg skjønner aldri fakturaene deres. Hvorfor tre linjer for ett abonnement?",
    "Fakturaen er vanskelig å lese: regnskapsføreren ringer meg hver måned.",
    "Hva er det vi betaler for? Det står ikke på fakturaen hvilke lisenser det gjelder.",
    "Gjør fakturaene lettere å forstå, er dere snille.",
    "Fakturaen ble endret midt i måneden, og ingen kunne forklare hvorfor.",
)
HAPPY = (
    "Gjør det det skal. Folka liker det.",
    "Lønnskjøringen tar en time nå, ikke en dag.",
    "Rask hjelp hver gang vi ringer.",
    "Endelig ser vi hvem som er hvor.",
    "Lett å lære, også for dem som ikke er glad i data.",
    "Det bare virker.",
)
NEUTRAL = (
    "Bra, men vi bruker bare halvparten.",
    "Fungerer greit nok. Rapportene kunne vært bedre.",
    "Helt greit så langt.",
    "Planleggingstavla er god, resten åpner vi nesten aldri.",
)
UNHAPPY = (
    "For dyrt for det vi får.",
    "Vi venter for lenge på svar.",
    "Nede akkurat i lønnsuka. Jeg er målløs.",
    "Ingenting er blitt enklere, slik vi ble lovet.",
    "Timer forsvinner når det ikke er dekning.",
)
HELPED = (
    "Hyggelig, og løst samme dag.",
    "Godt svar, takk skal dere ha.",
    "De ringte meg tilbake av seg selv. Topp.",
    "Klar oppskrift som jeg klarte å følge.",
)
NOT_HELPED = (
    "Saken ble lukket, men problemet er der fortsatt.",
    "Måtte forklare det tre ganger.",
    "To dager uten et ord.",
    "Fikk en lenke til en artikkel jeg allerede hadde lest.",
)
