"""How satisfied they are: one to five, and why."""

from feedback.ready_surveys.common import mail, survey

QUESTIONS = (
    {"key": "score", "kind": "rating", "required": True},
    {"key": "comment", "kind": "long"},
)

EN = {
    "title": "How are we doing?",
    "intro": "Two questions, less than a minute.",
    "q.score": "How satisfied are you with us?",
    "q.score.low": "Very dissatisfied",
    "q.score.high": "Very satisfied",
    "q.comment": "What could we do better?",
    "q.comment.help": "Or what should we keep doing? You may also leave it empty.",
    "thanks": "Thank you",
    "next": "The people who look after you read your answer, and get in touch if they can help.",
    "mail.subject": "How are we doing?",
    "mail.body": mail(
        "en",
        "Two questions, less than a minute, and we at {{ organisation.name }} know what to work "
        "on.",
    ),
    "mail.button": "Answer",
    "reminder.subject": "How are we doing?",
    "reminder.body": mail(
        "en",
        "A few days ago we asked how satisfied you are. We would still like to know, "
        "whatever the answer is.",
    ),
}
NB = {
    "title": "Hvor fornøyd er du?",
    "intro": "To spørsmål, under ett minutt.",
    "q.score": "Hvor fornøyd er du med oss?",
    "q.score.low": "Svært misfornøyd",
    "q.score.high": "Svært fornøyd",
    "q.comment": "Hva kan vi gjøre bedre?",
    "q.comment.help": "Eller hva bør vi fortsette med? Du kan også la feltet stå tomt.",
    "thanks": "Tusen takk",
    "next": "Kontaktpersonene dine leser svaret, og tar kontakt hvis de kan hjelpe.",
    "mail.subject": "Hvor fornøyd er du med oss?",
    "mail.body": mail(
        "nb",
        "To spørsmål, under ett minutt, så vet vi i {{ organisation.name }} hva vi skal ta tak i.",
    ),
    "mail.button": "Svar",
    "reminder.subject": "Hvor fornøyd er du med oss?",
    "reminder.body": mail(
        "nb",
        "For noen dager siden spurte vi hvor fornøyd du er. Det vil vi fortsatt gjerne vite, "
        "uansett hva svaret er.",
    ),
}
DA = {
    "title": "Hvor tilfreds er du?",
    "intro": "To spørgsmål, under et minut.",
    "q.score": "Hvor tilfreds er du med os?",
    "q.score.low": "Meget utilfreds",
    "q.score.high": "Meget tilfreds",
    "q.comment": "Hvad kan vi gøre bedre?",
    "q.comment.help": "Eller hvad skal vi blive ved med? Du må også gerne lade feltet stå tomt.",
    "thanks": "Mange tak",
    "next": "Dine kontaktpersoner læser svaret og kontakter dig, hvis de kan hjælpe.",
    "mail.subject": "Hvor tilfreds er du med os?",
    "mail.body": mail(
        "da",
        "To spørgsmål, under et minut, så ved vi hos {{ organisation.name }}, hvad vi skal tage "
        "fat på.",
    ),
    "mail.button": "Svar",
    "reminder.subject": "Hvor tilfreds er du med os?",
    "reminder.body": mail(
        "da",
        "For nogle dage siden spurgte vi, hvor tilfreds du er. Det vil vi stadig gerne vide, "
        "uanset hvad svaret er.",
    ),
}
SV = {
    "title": "Hur nöjd är du?",
    "intro": "Två frågor, under en minut.",
    "q.score": "Hur nöjd är du med oss?",
    "q.score.low": "Mycket missnöjd",
    "q.score.high": "Mycket nöjd",
    "q.comment": "Vad kan vi göra bättre?",
    "q.comment.help": "Eller vad ska vi fortsätta med? Du kan också lämna fältet tomt.",
    "thanks": "Tack så mycket",
    "next": "Dina kontaktpersoner läser svaret och hör av sig om de kan hjälpa till.",
    "mail.subject": "Hur nöjd är du med oss?",
    "mail.body": mail(
        "sv",
        "Två frågor, under en minut, så vet vi på {{ organisation.name }} vad vi ska ta tag i.",
    ),
    "mail.button": "Svara",
    "reminder.subject": "Hur nöjd är du med oss?",
    "reminder.body": mail(
        "sv",
        "För några dagar sedan frågade vi hur nöjd du är. Det vill vi fortfarande gärna veta, "
        "oavsett vad svaret är.",
    ),
}
DOCUMENT = survey(QUESTIONS, {"en": EN, "nb": NB, "da": DA, "sv": SV})
