"""Comments in Swedish."""

PARTING = (
    "Tack för den här tiden.",
    "{csm} har varit jättebra, det handlar inte om det.",
    "Vi kanske kommer tillbaka.",
    "Bekräfta gärna att detta är sista fakturan.",
    "Hur får vi ut våra tidrapporter?",
)

REASONS = {
    "price": (
        "Tio procent dyrare, och inget nytt för oss som är små. Nej tack.",
        "Vi är {seats} personer. Det blev för dyrt efter höjningen.",
        "Höjningen kom med en månads varsel mitt i budgetarbetet.",
        "Revisorn frågade vad det kostar per år. Jag kunde inte försvara det.",
        "Till det gamla priset hade vi stannat.",
        "Bra verktyg, men inte för de pengarna längre.",
        "Varför ska en liten firma betala för funktioner som bara de stora använder?",
    ),
    "missing-feature": (
        "Utan {feature} gör vi ändå hälften i Excel.",
        "Vi bad om {feature} för två vintrar sedan. Väntar fortfarande.",
        "Killarna ute behöver {feature}. Resten var bra.",
        "{feature} skulle komma i våras, sedan i höst. Nu orkar vi inte vänta.",
    ),
    "support-quality": (
        "Tre dagar för ett svar när lönen ska ut är för länge.",
        "Jag förklarade samma sak för fyra olika personer.",
        "Snabba svar, men bara länkar till artiklar som jag redan läst.",
        "Ärendet stängdes utan lösning. Två gånger.",
    ),
    "results-not-delivered": (
        "Vi skulle spara en dag i veckan. Det har vi inte gjort.",
        "Efter {months} månader ringer arbetsledarna fortfarande varandra.",
        "Fina diagram, men projekten är lika sena som förut.",
    ),
    "return-on-spend": (
        "Det kostar mer än det sparar, svårare än så är det inte.",
        "Vi använder en femtedel och betalar för allt.",
        "Kunde inte visa ledningen vad vi fick för pengarna.",
        "{seats} licenser och sex som loggar in. Det går inte ihop.",
    ),
    "lack-of-expertise": (
        "Ni kan programvara, men inte hur ett bygge fungerar.",
        "Konsulten hade aldrig sett ett schema i hemtjänsten.",
        "Vi fick lära utbildaren vårt yrke.",
    ),
    "competitor": (
        "Vi går över till {competitor}. De fick in all vår data på en dag.",
        "{competitor} gav oss ett år till halva priset.",
        "Moderbolaget kör {competitor}, så det var inget vi kunde välja.",
        "Testade {competitor} parallellt i en månad. Folket gillade det bättre.",
    ),
    "need-gone": (
        "Det stora projektet är klart och vi är fyra personer igen.",
        "Vi har slutat med service, så det finns inget att planera.",
        "Behövde det bara under säsongen.",
    ),
    "closed-or-merged": (
        "Vi är uppköpta och går över till köparens system.",
        "Bolaget läggs ner vid årsskiftet. Tack för allt.",
        "Vi gick ihop med grannfirman, som har sitt eget.",
    ),
    "key-person-left": (
        "{contact} satte upp allt det här och har slutat. Ingen här kan det.",
        "Vår planerare gick i pension och den nya kör papper. På riktigt.",
        "Hon som ville ha det här är inte kvar.",
    ),
    "data-protection": (
        "Våra jurister godkänner inte var säkerhetskopiorna ligger.",
        "Vi behöver biträdesavtal i vår egen form. Det sa ni nej till.",
    ),
    "onboarding": (
        "Vi kom aldrig igång ordentligt. Delvis vårt eget fel.",
        "Sex veckor, och bara två av oss hade loggat in. Sedan somnade det.",
        "För mycket att ställa in för en liten firma mitt i högsäsong.",
        "Fick aldrig in kundregistret och gav upp.",
    ),
    "reliability": (
        "Två dagar utan planeringen kostade mer än ett års abonnemang.",
        "Det låg nere just den veckan vi kör lön.",
        "Appen tappar timmar när det saknas täckning. Varje vecka.",
        "Efter avbrottet litar ingen här på det.",
    ),
    "payment-failed": (
        "Avslutat av oss: kortet nekades fyra gånger och ingen svarade.",
        "Fakturan gick till någon som slutat. Vi såg det för sent.",
    ),
}
