"""What they think of the product: how well it does its job, what they miss, their own words."""

from feedback.ready_surveys.common import mail, survey

QUESTIONS = (
    {"key": "score", "kind": "rating", "required": True},
    {
        "key": "better",
        "kind": "multiple",
        "choices": ("features", "simpler", "faster", "stable", "guidance", "nothing"),
    },
    {"key": "comment", "kind": "long"},
)

EN = {
    "title": "What do you think of our product?",
    "intro": "Three questions, about a minute.",
    "q.score": "How well does the product do what you need?",
    "q.score.low": "Not well at all",
    "q.score.high": "Very well",
    "q.better": "What would make it better for you?",
    "q.better.help": "Choose all that fit.",
    "c.better.features": "More features",
    "c.better.simpler": "Easier to use",
    "c.better.faster": "Faster",
    "c.better.stable": "Fewer errors",
    "c.better.guidance": "Better guidance",
    "c.better.nothing": "Nothing, it is fine as it is",
    "q.comment": "What do you miss most?",
    "q.comment.help": "You may also leave it empty.",
    "thanks": "Thank you",
    "next": "Those who build the product read your answer. We can't promise to do it all.",
    "mail.subject": "What do you think of our product?",
    "mail.body": mail(
        "en",
        "You use our product, so you know what works and what doesn't. Would you tell "
        "us? Three questions, about a minute.",
    ),
    "mail.button": "Tell us",
    "reminder.subject": "What do you miss?",
    "reminder.body": mail(
        "en",
        "A few days ago we asked what you think of our product. There is still time to tell us "
        "what you miss.",
    ),
}
NB = {
    "title": "Hva synes du om produktet?",
    "intro": "Tre spørsmål, omtrent ett minutt.",
    "q.score": "Hvor godt dekker produktet det du trenger?",
    "q.score.low": "Svært dårlig",
    "q.score.high": "Svært godt",
    "q.better": "Hva ville gjort det bedre for deg?",
    "q.better.help": "Velg alt som passer.",
    "c.better.features": "Flere funksjoner",
    "c.better.simpler": "Enklere å bruke",
    "c.better.faster": "Raskere",
    "c.better.stable": "Færre feil",
    "c.better.guidance": "Bedre veiledning",
    "c.better.nothing": "Ingenting, det er bra som det er",
    "q.comment": "Hva savner du mest?",
    "q.comment.help": "Du kan også la feltet stå tomt.",
    "thanks": "Tusen takk",
    "next": "De som lager produktet, leser svaret ditt. Vi kan ikke love å få gjort alt.",
    "mail.subject": "Hva synes du om produktet vårt?",
    "mail.body": mail(
        "nb",
        "Du bruker produktet vårt, så du vet hva som fungerer og hva som ikke gjør det. Vil du "
        "fortelle oss det? Tre spørsmål, omtrent ett minutt.",
    ),
    "mail.button": "Si din mening",
    "reminder.subject": "Er det noe du savner?",
    "reminder.body": mail(
        "nb",
        "For noen dager siden spurte vi hva du synes om produktet vårt. Du rekker fortsatt å si "
        "hva du savner.",
    ),
}
DA = {
    "title": "Hvad synes du om produktet?",
    "intro": "Tre spørgsmål, cirka et minut.",
    "q.score": "Hvor godt dækker produktet det, du har brug for?",
    "q.score.low": "Meget dårligt",
    "q.score.high": "Meget godt",
    "q.better": "Hvad ville gøre det bedre for dig?",
    "q.better.help": "Vælg alt, der passer.",
    "c.better.features": "Flere funktioner",
    "c.better.simpler": "Nemmere at bruge",
    "c.better.faster": "Hurtigere",
    "c.better.stable": "Færre fejl",
    "c.better.guidance": "Bedre vejledning",
    "c.better.nothing": "Ingenting, det er fint, som det er",
    "q.comment": "Hvad savner du mest?",
    "q.comment.help": "Du må også gerne lade feltet stå tomt.",
    "thanks": "Mange tak",
    "next": "Dem, der laver produktet, læser dit svar. Vi kan ikke love at nå det hele.",
    "mail.subject": "Hvad synes du om vores produkt?",
    "mail.body": mail(
        "da",
        "Du bruger vores produkt, så du ved, hvad der virker, og hvad der ikke gør. Vil du "
        "fortælle os det? Tre spørgsmål, cirka et minut.",
    ),
    "mail.button": "Sig din mening",
    "reminder.subject": "Er der noget, du savner?",
    "reminder.body": mail(
        "da",
        "For nogle dage siden spurgte vi, hvad du synes om vores produkt. Du kan stadig nå at "
        "fortælle, hvad du savner.",
    ),
}
SV = {
    "title": "Vad tycker du om produkten?",
    "intro": "Tre frågor, ungefär en minut.",
    "q.score": "Hur väl motsvarar produkten det du behöver?",
    "q.score.low": "Mycket dåligt",
    "q.score.high": "Mycket bra",
    "q.better": "Vad skulle göra den bättre för dig?",
    "q.better.help": "Välj allt som stämmer.",
    "c.better.features": "Fler funktioner",
    "c.better.simpler": "Enklare att använda",
    "c.better.faster": "Snabbare",
    "c.better.stable": "Färre fel",
    "c.better.guidance": "Bättre vägledning",
    "c.better.nothing": "Ingenting, den är bra som den är",
    "q.comment": "Vad saknar du mest?",
    "q.comment.help": "Du kan också lämna fältet tomt.",
    "thanks": "Tack så mycket",
    "next": "De som utvecklar produkten läser ditt svar. Vi kan inte lova att hinna med allt.",
    "mail.subject": "Vad tycker du om vår produkt?",
    "mail.body": mail(
        "sv",
        "Du använder vår produkt, så du vet vad som fungerar och vad som inte gör det. Vill du "
        "berätta det för oss? Tre frågor, ungefär en minut.",
    ),
    "mail.button": "Berätta vad du tycker",
    "reminder.subject": "Är det något du saknar?",
    "reminder.body": mail(
        "sv",
        "För några dagar sedan frågade vi vad du tycker om vår produkt. Du hinner fortfarande "
        "berätta vad du saknar.",
    ),
}
DOCUMENT = survey(QUESTIONS, {"en": EN, "nb": NB, "da": DA, "sv": SV})
