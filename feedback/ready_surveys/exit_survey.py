"""Why they leave, in three taps: the main reason, what could have kept them, their own words.

The words hold for those who have left and for those who still pay until their last day: they ask
about the decision, which both have made.
"""

from feedback.ready_surveys.common import mail, survey

QUESTIONS = (
    {"key": "reason", "kind": "single", "required": True, "source": "reasons"},
    {
        "key": "kept",
        "kind": "single",
        "choices": ("no", "price", "missing", "help", "pause", "other"),
    },
    {"key": "comment", "kind": "long"},
)

EN = {
    "title": "Why did you decide to leave?",
    "intro": "Three short questions, about a minute. Nobody will try to talk you round.",
    "q.reason": "What was the main reason?",
    "q.reason.help": "Choose the one that weighed most.",
    "q.kept": "Could anything have kept you?",
    "c.kept.no": "No, the decision was made",
    "c.kept.price": "A lower price",
    "c.kept.missing": "Something that was missing",
    "c.kept.help": "Better help along the way",
    "c.kept.pause": "A break for a while",
    "c.kept.other": "Something else",
    "q.comment": "Is there anything you would like to tell us?",
    "q.comment.help": "Say it as it is. You don't have to write anything.",
    "thanks": "Thank you for telling us",
    "next": "The people who looked after you read every answer. Your cancellation stands as it is.",
    "mail.subject": "Why did you decide to leave?",
    "mail.body": mail(
        "en",
        "Thank you for choosing {{ organisation.name }}.",
        "Would you tell us why you decided to leave? It is three short questions and takes about a "
        "minute. We won't try to change your mind; we want to do better.",
    ),
    "mail.button": "Tell us why",
    "reminder.subject": "One minute of your time?",
    "reminder.body": mail(
        "en",
        "A few days ago we asked why you decided to leave. If you have a minute, your answer still "
        "helps us.",
        "This is the last time we ask.",
    ),
}
NB = {
    "title": "Hvorfor valgte du å si opp?",
    "intro": "Tre korte spørsmål, omtrent ett minutt. Ingen kommer til å prøve å overtale deg.",
    "q.reason": "Hva var hovedgrunnen til at du sa opp?",
    "q.reason.help": "Velg den som veide tyngst.",
    "q.kept": "Kunne noe fått deg til å bli?",
    "c.kept.no": "Nei, jeg hadde bestemt meg",
    "c.kept.price": "Lavere pris",
    "c.kept.missing": "Noe jeg savnet hos dere",
    "c.kept.help": "Bedre hjelp underveis",
    "c.kept.pause": "En pause",
    "c.kept.other": "Noe annet",
    "q.comment": "Er det noe mer du vil si til oss?",
    "q.comment.help": "Si det som det er. Du trenger ikke å skrive noe.",
    "thanks": "Takk for at du sa fra",
    "next": "De som har hatt kontakt med deg, leser alle svar. Oppsigelsen din gjelder som før.",
    "mail.subject": "Hvorfor valgte du å si opp?",
    "mail.body": mail(
        "nb",
        "Takk for at du valgte {{ organisation.name }}.",
        "Vil du fortelle oss hvorfor du sa opp? Det er tre korte spørsmål og tar omtrent ett "
        "minutt. Vi skal ikke prøve å overtale deg, vi vil bare bli bedre.",
    ),
    "mail.button": "Fortell hvorfor",
    "reminder.subject": "Har du ett minutt?",
    "reminder.body": mail(
        "nb",
        "For noen dager siden spurte vi hvorfor du sa opp. Har du ett minutt, hjelper svaret ditt "
        "oss fortsatt.",
        "Vi spør ikke flere ganger.",
    ),
}
DA = {
    "title": "Hvorfor valgte du at sige op?",
    "intro": "Tre korte spørgsmål, cirka et minut. Ingen vil prøve at overtale dig.",
    "q.reason": "Hvad var hovedårsagen til, at du sagde op?",
    "q.reason.help": "Vælg den, der vejede tungest.",
    "q.kept": "Kunne noget have fået dig til at blive?",
    "c.kept.no": "Nej, jeg havde besluttet mig",
    "c.kept.price": "En lavere pris",
    "c.kept.missing": "Noget, jeg manglede hos jer",
    "c.kept.help": "Bedre hjælp undervejs",
    "c.kept.pause": "En pause",
    "c.kept.other": "Noget andet",
    "q.comment": "Er der andet, du vil sige til os?",
    "q.comment.help": "Sig det, som det er. Du behøver ikke skrive noget.",
    "thanks": "Tak, fordi du sagde det til os",
    "next": "Dem, der har haft kontakt med dig, læser alle svar. Din opsigelse gælder som før.",
    "mail.subject": "Hvorfor valgte du at sige op?",
    "mail.body": mail(
        "da",
        "Tak, fordi du valgte {{ organisation.name }}.",
        "Vil du fortælle os, hvorfor du sagde op? Det er tre korte spørgsmål og tager cirka et "
        "minut. Vi prøver ikke at overtale dig. Vi vil bare gerne blive bedre.",
    ),
    "mail.button": "Fortæl hvorfor",
    "reminder.subject": "Har du et minut?",
    "reminder.body": mail(
        "da",
        "For nogle dage siden spurgte vi, hvorfor du sagde op. Hvis du har et minut, hjælper dit "
        "svar os stadig.",
        "Vi spørger ikke igen.",
    ),
}
SV = {
    "title": "Varför valde du att säga upp avtalet?",
    "intro": "Tre korta frågor, ungefär en minut. Ingen kommer att försöka övertala dig.",
    "q.reason": "Vad var främsta skälet till att du sa upp avtalet?",
    "q.reason.help": "Välj det som vägde tyngst.",
    "q.kept": "Hade något kunnat få dig att stanna?",
    "c.kept.no": "Nej, jag hade bestämt mig",
    "c.kept.price": "Ett lägre pris",
    "c.kept.missing": "Något som jag saknade hos er",
    "c.kept.help": "Bättre hjälp längs vägen",
    "c.kept.pause": "En paus",
    "c.kept.other": "Något annat",
    "q.comment": "Är det något mer du vill säga till oss?",
    "q.comment.help": "Säg det som det är. Du behöver inte skriva något.",
    "thanks": "Tack för att du berättade",
    "next": "De som har haft kontakt med dig läser alla svar. Din uppsägning gäller som tidigare.",
    "mail.subject": "Varför valde du att säga upp avtalet?",
    "mail.body": mail(
        "sv",
        "Tack för att du valde {{ organisation.name }}.",
        "Vill du berätta varför du sa upp avtalet? Det är tre korta frågor och tar ungefär en "
        "minut. Vi tänker inte försöka övertala dig, vi vill bara bli bättre.",
    ),
    "mail.button": "Berätta varför",
    "reminder.subject": "Har du en minut?",
    "reminder.body": mail(
        "sv",
        "För några dagar sedan frågade vi varför du sa upp avtalet. Har du en minut över är "
        "ditt svar fortfarande till hjälp.",
        "Vi frågar inte igen.",
    ),
}
DOCUMENT = survey(QUESTIONS, {"en": EN, "nb": NB, "da": DA, "sv": SV})
