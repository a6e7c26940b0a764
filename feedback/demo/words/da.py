"""What customers answer, in Danish."""

APP_SLOW = (
    "Mobilappen er langsom. Folkene venter et halvt minut på dagens plan.",
    "Appen er en evighed om at starte på de telefoner, vi har.",
    "Fint på computeren, men mobilappen er alt for langsom ude på pladsen.",
    "Formændene er holdt op med at bruge appen, fordi den er så langsom.",
    "Siden i sommer hænger appen, hver gang nogen stempler ind.",
)
INVOICES = (
    "Jeg forstår aldrig jeres fakturaer. Hvorfor tre linjer for ét abonnement?",
    "Fakturaen er svær at læse: bogholderen ringer til mig hver måned.",
    "Hvad betaler vi for? Der står ikke på fakturaen, hvilke licenser det drejer sig om.",
    "Gør fakturaerne lettere at forstå.",
    "Fakturaen blev ændret midt i måneden, og ingen kunne forklare hvorfor.",
)
HAPPY = (
    "Gør det, den skal. Folkene kan lide den.",
    "Lønkørslen tager en time nu, ikke en dag.",
    "Hurtig hjælp, hver gang vi ringer.",
    "Endelig kan vi se, hvem der er hvor.",
    "Nem at lære, også for dem, der ikke er til computere.",
    "Det virker bare.",
)
NEUTRAL = (
    "Godt, men vi bruger kun det halve.",
    "Fungerer fint nok. Rapporterne kunne være bedre.",
    "Helt i orden indtil videre.",
    "Planlægningstavlen er god, resten åbner vi næsten aldrig.",
)
UNHAPPY = (
    "For dyrt i forhold til det, vi får.",
    "Vi venter for længe på svar.",
    "Nede i selve lønugen. Jeg er målløs.",
    "Intet er blevet nemmere, sådan som vi fik lovet.",
    "Timer forsvinder, når der ikke er dækning.",
)
HELPED = (
    "Venligt, og løst samme dag.",
    "Godt svar, mange tak.",
    "De ringede selv tilbage. Super.",
    "Klar vejledning, som jeg kunne følge.",
)
NOT_HELPED = (
    "Sagen blev lukket, men problemet er der stadig.",
    "Jeg måtte forklare det tre gange.",
    "To dage uden et ord.",
    "Fik et link til en artikel, jeg allerede havde læst.",
)
