"""What customers answer, in Swedish."""

APP_SLOW = (
    "Mobilappen är långsam. Folket väntar en halv minut på dagens plan.",
    "Det tar en evighet att starta appen på telefonerna vi har.",
    "Bra på datorn, men mobilappen är alldeles för långsam ute på bygget.",
    "Arbetsledarna har slutat använda appen för att den är så långsam.",
    "Sedan i somras hänger sig appen varje gång någon stämplar in.",
)
INVOICES = (
    "Jag förstår aldrig era fakturor. Varför tre rader för ett abonnemang?",
    "Fakturan är svår att läsa: redovisningskonsulten ringer mig varje månad.",
    "Vad är det vi betalar för? Det står inte på fakturan vilka licenser det gäller.",
    "Gör fakturorna lättare att förstå, tack.",
    "Fakturan ändrades mitt i månaden och ingen kunde förklara varför.",
)
HAPPY = (
    "Gör det den ska. Folket gillar den.",
    "Lönekörningen tar en timme nu, inte en dag.",
    "Snabb hjälp varje gång vi ringer.",
    "Äntligen ser vi vem som är var.",
    "Lätt att lära sig, även för den som inte gillar datorer.",
    "Det bara fungerar.",
)
NEUTRAL = (
    "Bra, men vi använder bara hälften.",
    "Fungerar helt okej. Rapporterna kunde vara bättre.",
    "Bra hittills.",
    "Planeringstavlan är bra, resten öppnar vi nästan aldrig.",
)
UNHAPPY = (
    "För dyrt för det vi får.",
    "Vi får vänta för länge på svar.",
    "Nere mitt i löneveckan. Jag är mållös.",
    "Inget har blivit enklare, som vi blev lovade.",
    "Timmar försvinner när det saknas täckning.",
)
HELPED = (
    "Trevligt, och löst samma dag.",
    "Bra svar, tack.",
    "De ringde själva tillbaka. Toppen.",
    "Tydliga steg som jag kunde följa.",
)
NOT_HELPED = (
    "Ärendet stängdes, men problemet finns kvar.",
    "Jag fick förklara det tre gånger.",
    "Två dagar utan ett ord.",
    "Fick en länk till en artikel som jag redan hade läst.",
)
