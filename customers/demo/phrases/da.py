"""Timelines in Danish."""

SAID = {
    "ticket": (
        "Hvordan flytter vi en mand fra et hold til et andet uden at miste timerne?",
        "{contact} kan ikke logge ind på den nye telefon.",
        "Overtidsreglen tæller lørdag to gange.",
        "Hvor skifter vi logo på fakturaerne?",
        "Importen af kunder stopper ved linje 214.",
        "Kan et gammelt projekt åbnes igen, når det er lukket?",
        "Kalenderen viser sidste uge, når vi åbner den mandag morgen.",
        "To timesedler på samme dag efter dårlig dækning.",
        "Vi skal bruge {seats} brugere mere fra den første.",
    ),
    "complaint": (
        "Tredje gang vi melder det, og sagen bliver bare lukket. Jeg vil tale med et menneske.",
        "Timerne er væk fra appen igen. Vi måtte lønne holdet på slump.",
        "Fakturaen er forkert anden måned i træk.",
        "Ingen ringede tilbage, som det blev lovet i tirsdags.",
    ),
    "incident": (
        "Tavlen indlæser ikke. Vi har folk, der står stille.",
        "Nede siden i morges, og intet på statussiden. Hvad sker der?",
        "Vi mistede alle timer fra i går. Hvem betaler for det?",
        "Stadig nede på dag to. Det går ikke.",
    ),
    "call": (
        "Opfølgning med {contact}: alt vel, de får et hold mere til foråret.",
        "{contact} spurgte til prognoser. Lovede en kort fremvisning.",
        "Gennemgik ubrugte licenser; de beholder dem sommeren over.",
        "Kiggede på fraværsrapporten sammen. {contact} var tilfreds.",
    ),
    "bad_call": (
        "{contact} siger, at formændene er gået tilbage til telefonen. Usikkert, om de bliver.",
        "De sammenligner os med Planvind før fornyelsen. Prisen kom op to gange.",
        "{contact} er irriteret over supporten i sidste uge. Aftalt en ny snak.",
    ),
    "meeting": (
        "Halvårsmøde: målene nået for timesedler, ikke for fakturering.",
        "Undervisning på pladsen med ni formænd. Appen faldt i god jord.",
        "Gennemgang med ledelsen: de vil have tal pr. afdeling.",
        "Opstart med ny administrator.",
    ),
    "email": (
        "Sendte referatet fra mødet og de tre punkter, vi blev enige om.",
        "Spurgte, hvem der tager sig af godkendelser fremover.",
        "Varsel om vedligehold natten til mandag.",
        "Takkede for de pæne ord; spurgte, om de vil være reference.",
    ),
    "note": (
        "De ansætter til foråret: tag licenser op i februar.",
        "Ring. Læser aldrig mail.",
        "Ny direktør fra den første; præsenter os tidligt.",
        "To afdelinger bruger det, den tredje planlægger stadig på papir.",
    ),
    "good_review": (
        "Gør, hvad det skal, og svendene kan lide det.",
        "Lønnen tager en time, ikke en dag.",
    ),
    "bad_review": (
        "God idé, men alt for ustabilt i efteråret.",
        "Dyrt for det, et lille firma bruger.",
    ),
}
