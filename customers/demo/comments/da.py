"""Comments in Danish."""

PARTING = (
    "Tak for samarbejdet.",
    "{csm} har været rigtig god, det handler ikke om det.",
    "Måske kommer vi tilbage en dag.",
    "Bekræft venligst, at det er den sidste faktura.",
    "Hvordan får vi vores timesedler ud?",
)

REASONS = {
    "price": (
        "Ti procent mere, og intet nyt til os små.",
        "Vi er {seats} mand. Det blev for dyrt til det, vi bruger det til.",
        "Revisoren spurgte, hvad det koster om året. Jeg kunne ikke forsvare det.",
        "Godt værktøj, men næste års budget er skåret.",
        "Til den gamle pris var vi blevet.",
    ),
    "missing-feature": (
        "Uden {feature} laver vi alligevel det halve i Excel.",
        "Vi bad om {feature} for to vintre siden. Vi venter stadig.",
        "Folkene ude har brug for {feature}. Alt andet var fint.",
        "{feature} skulle komme til foråret, så til efteråret.",
    ),
    "support-quality": (
        "Tre dage om et svar, når lønnen skal køres, er for længe.",
        "Jeg forklarede det samme til fire forskellige.",
        "Hurtige svar, men kun links til artikler, jeg har læst.",
        "Sagen blev lukket uden en løsning. To gange.",
    ),
    "results-not-delivered": (
        "Vi skulle spare en dag om ugen. Det har vi ikke gjort.",
        "Efter {months} måneder ringer formændene stadig til hinanden.",
        "Pæne grafer, men projekterne er lige så forsinkede som før.",
    ),
    "return-on-spend": (
        "Det koster mere, end det sparer.",
        "Vi bruger en femtedel og betaler for det hele.",
        "Kunne ikke vise bestyrelsen, hvad vi fik for pengene.",
        "{seats} licenser, og seks der logger ind. Det hænger ikke sammen.",
    ),
    "lack-of-expertise": (
        "I kan software, men ikke hvordan en byggeplads fungerer.",
        "Konsulenten havde aldrig set en vagtplan i hjemmeplejen.",
        "Vi måtte lære underviseren vores fag.",
    ),
    "competitor": (
        "Vi skifter til {competitor}. De fik alle vores data ind på en dag.",
        "{competitor} gav os et år til halv pris og en app, der virker i en kælder.",
        "Moderselskabet kører {competitor}, så det var ikke op til os.",
        "Prøvede {competitor} ved siden af i en måned. Svendene kunne bedre lide det.",
        "Sælgeren fra {competitor} stod her to gange på en uge. I ringede ikke.",
        "{competitor} har dansk overenskomst indbygget. Det afgjorde det.",
    ),
    "need-gone": (
        "Det store projekt er færdigt, og vi er fire mand igen.",
        "Vi er holdt op med service, så der er intet at planlægge.",
        "Vi skulle kun bruge det i sæsonen.",
    ),
    "closed-or-merged": (
        "Vi er blevet købt og går over til købers systemer.",
        "Firmaet lukker ved nytår. Tak for alt.",
        "Lagt sammen med nabofirmaet, som har sit eget.",
    ),
    "key-person-left": (
        "{contact} satte det hele op og er rejst. Ingen her kan finde ud af det.",
        "Vores planlægger gik på pension, og den nye bruger papir. Det er rigtigt.",
        "Hende, der ville have det, er her ikke mere.",
    ),
    "data-protection": (
        "Vores jurister godkender ikke, hvor sikkerhedskopierne ligger.",
        "Vi skal have en databehandleraftale i vores egen form. Det sagde I nej til.",
    ),
    "onboarding": (
        "Vi kom aldrig rigtig i gang. Delvis vores egen skyld.",
        "Seks uger, og kun to af os havde logget ind. Så faldt det i søvn.",
        "For meget at sætte op for et lille firma midt i højsæsonen.",
        "Fik aldrig kundelisten ind og gav op.",
    ),
    "reliability": (
        "To dage uden planlægning kostede mere end et års abonnement.",
        "Det var nede netop den uge, vi kører løn.",
        "Appen mister timer, når der ikke er dækning. Hver uge.",
        "Efter nedbruddet er der ingen her, der stoler på det.",
    ),
    "payment-failed": (
        "Afsluttet af os: kortet blev afvist fire gange, og ingen svarede.",
        "Fakturaen gik til en, der er rejst. Vi så det for sent.",
    ),
}
