"""Comments in Norwegian bokmål."""

PARTING = (
    "Takk for samarbeidet.",
    "{csm} har vært flink hele veien, det er ikke det.",
    "Det kan hende vi kommer tilbake.",
    "Bekreft gjerne at dette er siste faktura.",
    "Hvordan får vi ut timelistene våre?",
)

REASONS = {
    "price": (
        "Ti prosent opp, og ingenting nytt for oss som er små.",
        "Vi er {seats} stykker. Det ble for dyrt for det vi bruker det til.",
        "Regnskapsføreren spurte hva dette koster i året. Jeg hadde ikke noe godt svar.",
        "Fint verktøy, men budsjettet for neste år er kuttet.",
        "Til gammel pris hadde vi blitt.",
        "Hadde dere ringt før dere satte opp prisen, hadde vi kanskje funnet ut av det.",
    ),
    "missing-feature": (
        "Uten {feature} gjør vi halvparten i regneark likevel.",
        "Vi spurte etter {feature} for to vintre siden. Venter ennå.",
        "Gutta ute trenger {feature}. Ellers var alt bra.",
        "{feature} skulle komme til våren, så til høsten. Nå gidder vi ikke vente mer.",
    ),
    "support-quality": (
        "Tre dager på svar når lønna skal kjøres er for lenge.",
        "Jeg forklarte det samme til fire forskjellige.",
        "Får svar fort, men bare lenker til artikler jeg har lest.",
        "Saken ble lukket uten at noe var løst. To ganger.",
        "Det går i engelsk hver gang jeg skriver på norsk.",
    ),
    "results-not-delivered": (
        "Vi skulle spare en dag i uka. Det har vi ikke gjort.",
        "Etter {months} måneder ringer basene fortsatt til hverandre. Alt er som før.",
        "Fine grafer, men prosjektene er like forsinket som før.",
    ),
    "return-on-spend": (
        "Det koster mer enn det sparer.",
        "Vi bruker en femtedel og betaler for alt.",
        "Klarte ikke å vise styret hva vi fikk igjen for pengene.",
        "{seats} lisenser, og seks som logger inn. Det går ikke i hop.",
    ),
    "lack-of-expertise": (
        "Dere kan programvare, men ikke hvordan en byggeplass fungerer.",
        "Konsulenten hadde aldri sett en turnus i hjemmetjenesten.",
        "Vi måtte lære opp kursholderen i faget vårt.",
    ),
    "competitor": (
        "Vi går til {competitor}. De fikk inn alle dataene våre på en dag.",
        "{competitor} ga oss et år til halv pris.",
        "Morselskapet bruker {competitor}, så det var ikke opp til oss.",
        "Prøvde {competitor} en måned ved siden av. Folka likte det bedre.",
    ),
    "need-gone": (
        "Det store prosjektet er ferdig, og vi er fire igjen.",
        "Vi har sluttet med service, så det er ingenting å planlegge.",
        "Trengte det bare for sesongen.",
        "Vi legger ned avdelingen i Tromsø.",
    ),
    "closed-or-merged": (
        "Vi er kjøpt opp og går over på systemene til kjøperen.",
        "Firmaet avvikles ved nyttår. Takk for alt.",
        "Slått sammen med nabobedriften, som har sitt eget.",
    ),
    "key-person-left": (
        "{contact} satte opp alt dette og har sluttet. Ingen her kan det.",
        "Planleggeren vår gikk av med pensjon, og den nye bruker papir. Faktisk.",
        "Hun som ville ha dette er ikke her lenger.",
    ),
    "data-protection": (
        "Juristene våre godtar ikke hvor sikkerhetskopiene ligger.",
        "Vi trenger databehandleravtale i vår egen form. Det sa dere nei til.",
    ),
    "onboarding": (
        "Vi kom aldri skikkelig i gang. Delvis vår egen feil.",
        "Seks uker, og bare to av oss hadde logget inn. Så sovnet det.",
        "For mye å sette opp for et lite firma midt i høysesongen.",
        "Fikk aldri inn kundelista, og ga opp.",
    ),
    "reliability": (
        "To dager uten planleggingen kostet mer enn et års abonnement.",
        "Det var nede akkurat den uka vi kjører lønn.",
        "Appen mister timer når det ikke er dekning. Hver uke.",
        "Etter nedetiden er det ingen her som stoler på det.",
    ),
    "payment-failed": (
        "Avsluttet av oss: kortet ble avvist fire ganger, ingen svarte.",
        "Fakturaen gikk til en som har sluttet. Vi så det for sent.",
    ),
}
