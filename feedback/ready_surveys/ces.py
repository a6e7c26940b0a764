"""How easy it was to get help: one to seven, seven the easiest, and what was difficult."""

from feedback.ready_surveys.common import mail, survey

QUESTIONS = (
    {
        "key": "score",
        "kind": "effort",
        "required": True,
        "goes": [{"when": {"from": 6, "to": 7}, "to": "comment"}],
    },
    {
        "key": "difficult",
        "kind": "multiple",
        "choices": ("finding", "waiting", "repeating", "understanding", "unsolved", "other"),
    },
    {"key": "comment", "kind": "long"},
)

EN = {
    "title": "Was it easy?",
    "intro": "About the last time you needed our help. Less than a minute.",
    "q.score": "How easy was it to get done what you wanted?",
    "q.score.low": "Very difficult",
    "q.score.high": "Very easy",
    "q.difficult": "What made it difficult?",
    "q.difficult.help": "Choose all that fit.",
    "c.difficult.finding": "Finding out whom to ask",
    "c.difficult.waiting": "Waiting for an answer",
    "c.difficult.repeating": "Explaining the same thing twice",
    "c.difficult.understanding": "Understanding the answer",
    "c.difficult.unsolved": "It isn't solved yet",
    "c.difficult.other": "Something else",
    "q.comment": "Would you like to add anything?",
    "thanks": "Thank you",
    "next": "The people who helped you read your answer. What is unsolved they take up.",
    "mail.subject": "Was it easy to get help?",
    "mail.body": mail(
        "en",
        "You were in touch with us lately. Tell us how that went: it takes less than a minute.",
    ),
    "mail.button": "Answer",
    "reminder.subject": "Was it easy to get help?",
    "reminder.body": mail(
        "en",
        "A few days ago we asked whether it was easy to get help from us. Your answer shows us "
        "where it is still too difficult.",
    ),
}
NB = {
    "title": "Var det enkelt?",
    "intro": "Om sist gang du trengte hjelp fra oss. Under ett minutt.",
    "q.score": "Hvor enkelt var det å få gjort det du ville?",
    "q.score.low": "Svært vanskelig",
    "q.score.high": "Svært enkelt",
    "q.difficult": "Hva gjorde det vanskelig?",
    "q.difficult.help": "Velg alt som passer.",
    "c.difficult.finding": "Å finne ut hvem jeg skulle spørre",
    "c.difficult.waiting": "Å vente på svar",
    "c.difficult.repeating": "Å måtte forklare det samme flere ganger",
    "c.difficult.understanding": "Å forstå svaret",
    "c.difficult.unsolved": "Det er ikke løst ennå",
    "c.difficult.other": "Noe annet",
    "q.comment": "Er det noe du vil legge til?",
    "thanks": "Tusen takk",
    "next": "De som hjalp deg, leser svaret. Er noe uløst, tar de tak i det.",
    "mail.subject": "Var det enkelt å få hjelp?",
    "mail.body": mail(
        "nb",
        "Du var nylig i kontakt med oss. Fortell oss hvordan det gikk. Det tar under ett minutt.",
    ),
    "mail.button": "Svar",
    "reminder.subject": "Var det enkelt å få hjelp?",
    "reminder.body": mail(
        "nb",
        "For noen dager siden spurte vi om det var enkelt å få hjelp fra oss. Svaret ditt viser "
        "oss hvor det fortsatt er for vanskelig.",
    ),
}
DA = {
    "title": "Var det nemt?",
    "intro": "Om sidste gang du havde brug for vores hjælp. Under et minut.",
    "q.score": "Hvor nemt var det at få gjort det, du ville?",
    "q.score.low": "Meget svært",
    "q.score.high": "Meget nemt",
    "q.difficult": "Hvad gjorde det svært?",
    "q.difficult.help": "Vælg alt, der passer.",
    "c.difficult.finding": "At finde ud af, hvem jeg skulle spørge",
    "c.difficult.waiting": "At vente på svar",
    "c.difficult.repeating": "At skulle forklare det samme flere gange",
    "c.difficult.understanding": "At forstå svaret",
    "c.difficult.unsolved": "Det er ikke løst endnu",
    "c.difficult.other": "Noget andet",
    "q.comment": "Er der noget, du vil tilføje?",
    "thanks": "Mange tak",
    "next": "Dem, der hjalp dig, læser svaret. Er noget uløst, tager de fat i det.",
    "mail.subject": "Var det nemt at få hjælp?",
    "mail.body": mail(
        "da",
        "Du var for nylig i kontakt med os. Fortæl os, hvordan det gik. Det tager under et minut.",
    ),
    "mail.button": "Svar",
    "reminder.subject": "Var det nemt at få hjælp?",
    "reminder.body": mail(
        "da",
        "For nogle dage siden spurgte vi, om det var nemt at få hjælp hos os. Dit svar viser os, "
        "hvor det stadig er for svært.",
    ),
}
SV = {
    "title": "Var det enkelt?",
    "intro": "Om senaste gången du behövde hjälp av oss. Under en minut.",
    "q.score": "Hur enkelt var det att få gjort det du ville?",
    "q.score.low": "Mycket svårt",
    "q.score.high": "Mycket enkelt",
    "q.difficult": "Vad gjorde det svårt?",
    "q.difficult.help": "Välj allt som stämmer.",
    "c.difficult.finding": "Att veta vem jag skulle fråga",
    "c.difficult.waiting": "Att vänta på svar",
    "c.difficult.repeating": "Att behöva förklara samma sak flera gånger",
    "c.difficult.understanding": "Att förstå svaret",
    "c.difficult.unsolved": "Det är inte löst än",
    "c.difficult.other": "Något annat",
    "q.comment": "Är det något du vill lägga till?",
    "thanks": "Tack så mycket",
    "next": "De som hjälpte dig läser svaret. Är något olöst tar de tag i det.",
    "mail.subject": "Var det enkelt att få hjälp?",
    "mail.body": mail(
        "sv",
        "Du var nyligen i kontakt med oss. Berätta hur det gick. Det tar under en minut.",
    ),
    "mail.button": "Svara",
    "reminder.subject": "Var det enkelt att få hjälp?",
    "reminder.body": mail(
        "sv",
        "För några dagar sedan frågade vi om det var enkelt att få hjälp av oss. Ditt svar visar "
        "oss var det fortfarande är för svårt.",
    ),
}
DOCUMENT = survey(QUESTIONS, {"en": EN, "nb": NB, "da": DA, "sv": SV})
