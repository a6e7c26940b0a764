"""Timelines in Norwegian bokmål."""

SAID = {
    "ticket": (
        "Hvordan flytter vi en mann fra ett lag til et annet uten å miste timene?",
        "{contact} kommer ikke inn på den nye telefonen.",
        "Overtidsregelen regner lørdag to ganger.",
        "Hvor bytter vi logo på fakturaene?",
        "Importen av kunder stopper på linje 214.",
        "Kan et gammelt prosjekt åpnes igjen etter at det er lukket?",
        "Kalenderen viser forrige uke når vi åpner den mandag morgen.",
        "To timelister på samme dag etter dårlig dekning.",
        "Vi trenger {seats} brukere til fra den første.",
        "Får ikke sendt fil til lønnssystemet etter oppdateringen.",
    ),
    "complaint": (
        "Tredje gang vi melder dette, og saken bare lukkes. Jeg vil snakke med et menneske.",
        "Timene er borte fra appen igjen. Vi måtte lønne laget på slump.",
        "Fakturaen er feil for andre måned på rad.",
        "Ingen ringte tilbake, slik det ble lovet på tirsdag.",
    ),
    "incident": (
        "Tavla laster ikke. Vi har folk som står stille.",
        "Nede siden i morges, og ingenting på statussiden. Hva skjer?",
        "Vi mistet alle gårsdagens timer. Hvem betaler for det?",
        "Fortsatt nede på dag to. Dette går ikke.",
    ),
    "call": (
        "Oppfølging med {contact}: alt vel, de tar inn et lag til på nyåret.",
        "{contact} spurte om prognoser. Lovet en kort visning.",
        "Gikk gjennom ubrukte lisenser; de beholder dem over sommeren.",
        "Så på fraværsrapporten sammen. {contact} var fornøyd.",
    ),
    "bad_call": (
        "{contact} sier at basene har gått tilbake til telefon. Usikker på om de blir.",
        "De sammenligner oss med andre før fornyelsen. Prisen kom opp to ganger.",
        "{contact} er irritert over supporten i forrige uke. Avtalt ny prat.",
    ),
    "meeting": (
        "Halvårsmøte: målene nådd for timelister, ikke for fakturering.",
        "Opplæring på plassen med ni baser. Appen falt i smak.",
        "Gjennomgang med ledelsen: de vil ha tall per avdeling.",
        "Oppstart med ny administrator.",
    ),
    "email": (
        "Sendte referatet fra møtet og de tre punktene vi ble enige om.",
        "Spurte hvem som tar over godkjenningene.",
        "Varsel om vedlikehold natt til mandag.",
        "Takket for hyggelige ord; spurte om de vil være referanse.",
    ),
    "note": (
        "De ansetter på våren: ta opp lisenser i februar.",
        "Ring. Leser aldri e-post.",
        "Ny daglig leder fra den første; ta kontakt tidlig.",
        "To avdelinger bruker det, den tredje planlegger fortsatt på papir.",
        "Hyggelig besøk på kontoret. Vaffel.",
    ),
    "good_review": ("Gjør det den skal, og gutta liker den.", "Lønna tar en time, ikke en dag."),
    "bad_review": (
        "God idé, men alt for ustabilt i høst.",
        "Dyrt for det en liten bedrift bruker.",
    ),
}
