"""Timelines in Swedish."""

SAID = {
    "ticket": (
        "Hur flyttar vi en person mellan lag utan att tappa timmarna?",
        "{contact} kommer inte in på den nya telefonen.",
        "Övertidsregeln räknar lördagen två gånger.",
        "Var byter vi logotyp på fakturorna?",
        "Importen av kunder stannar på rad 214.",
        "Kan ett gammalt projekt öppnas igen när det är stängt?",
        "Kalendern visar förra veckan när vi öppnar på måndag morgon.",
        "Två tidrapporter samma dag efter dålig täckning.",
        "Vi behöver {seats} användare till från den första.",
    ),
    "complaint": (
        "Tredje gången vi anmäler detta, och ärendet bara stängs. Jag vill prata med en människa.",
        "Timmarna är borta ur appen igen. Vi fick betala laget på känn.",
        "Fakturan är fel för andra månaden i rad.",
        "Ingen ringde tillbaka som utlovat i tisdags.",
        "Höjningen står inte i något mejl jag har fått. Vem har godkänt den?",
    ),
    "incident": (
        "Tavlan laddar inte. Vi har folk som står stilla.",
        "Nere sedan i morse och inget på statussidan. Vad händer?",
        "Vi tappade alla gårdagens timmar. Vem betalar det?",
        "Fortfarande nere dag två. Det här är inte acceptabelt.",
    ),
    "call": (
        "Avstämning med {contact}: allt väl, de tar in ett lag till i vår.",
        "{contact} frågade om prognoser. Lovade en kort visning.",
        "Gick igenom oanvända licenser; de behåller dem över sommaren.",
        "Tittade på frånvarorapporten ihop. {contact} var nöjd.",
    ),
    "bad_call": (
        "{contact} säger att arbetsledarna har gått tillbaka till telefon. Osäkert om de stannar.",
        "De jämför oss med andra inför förnyelsen. Priset kom upp två gånger.",
        "{contact} är irriterad över supporten förra veckan. Nytt samtal bokat.",
    ),
    "meeting": (
        "Halvårsmöte: målen nådda för tidrapporter, inte för fakturering.",
        "Utbildning på plats med nio arbetsledare. Appen gick hem.",
        "Genomgång med ledningen: de vill ha siffror per avdelning.",
        "Uppstart med ny administratör.",
    ),
    "email": (
        "Skickade anteckningarna från mötet och de tre punkter vi enades om.",
        "Frågade vem som tar över attesterna.",
        "Information om underhåll natten till måndag.",
        "Tackade för de fina orden; frågade om de vill vara referens.",
    ),
    "note": (
        "De anställer i vår: ta upp licenser i februari.",
        "Ring. Läser aldrig mejl.",
        "Ny vd från den första; presentera oss tidigt.",
        "Två avdelningar använder det, den tredje planerar på papper.",
    ),
    "good_review": ("Gör vad det ska, och folket gillar det.", "Lönen tar en timme, inte en dag."),
    "bad_review": (
        "Bra idé men alldeles för ostabilt i höst.",
        "Dyrt för vad en liten firma använder.",
    ),
}
