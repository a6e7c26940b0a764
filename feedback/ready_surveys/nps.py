"""Would they recommend us: one number, and why."""

from feedback.ready_surveys.common import mail, survey

QUESTIONS = (
    {"key": "score", "kind": "nps", "required": True},
    {"key": "comment", "kind": "long"},
)

EN = {
    "title": "Would you recommend us?",
    "intro": "Two questions, less than a minute.",
    "q.score": "How likely are you to recommend us to somebody you know?",
    "q.score.low": "Not at all likely",
    "q.score.high": "Very likely",
    "q.comment": "What is the main reason for your answer?",
    "q.comment.help": "A few words are enough. You may also leave it empty.",
    "thanks": "Thank you",
    "next": "The people who look after you read your answer, and get in touch if they can help.",
    "mail.subject": "Would you recommend us?",
    "mail.body": mail(
        "en",
        "What do you think of {{ organisation.name }}, all in all? One number says a lot, and "
        "takes less than a minute.",
    ),
    "mail.button": "Answer",
    "reminder.subject": "We would still like to hear from you",
    "reminder.body": mail(
        "en",
        "A few days ago we asked whether you would recommend us. An honest answer helps us, "
        "good or bad.",
    ),
}
NB = {
    "title": "Vil du anbefale oss?",
    "intro": "To spørsmål, under ett minutt.",
    "q.score": "Hvor sannsynlig er det at du vil anbefale oss til noen du kjenner?",
    "q.score.low": "Ikke sannsynlig i det hele tatt",
    "q.score.high": "Svært sannsynlig",
    "q.comment": "Hva er den viktigste grunnen til svaret ditt?",
    "q.comment.help": "Noen få ord er nok. Du kan også la feltet stå tomt.",
    "thanks": "Tusen takk",
    "next": "Kontaktpersonene dine leser svaret, og tar kontakt hvis de kan hjelpe.",
    "mail.subject": "Vil du anbefale oss?",
    "mail.body": mail(
        "nb",
        "Hva synes du om {{ organisation.name }}, alt i alt? Ett tall sier mye, og det tar under "
        "ett minutt.",
    ),
    "mail.button": "Svar",
    "reminder.subject": "Vi vil fortsatt gjerne høre fra deg",
    "reminder.body": mail(
        "nb",
        "For noen dager siden spurte vi om du vil anbefale oss. Et ærlig svar hjelper oss, "
        "enten det er bra eller dårlig.",
    ),
}
DA = {
    "title": "Vil du anbefale os?",
    "intro": "To spørgsmål, under et minut.",
    "q.score": "Hvor sandsynligt er det, at du vil anbefale os til en, du kender?",
    "q.score.low": "Slet ikke sandsynligt",
    "q.score.high": "Meget sandsynligt",
    "q.comment": "Hvad er den vigtigste grund til dit svar?",
    "q.comment.help": "Nogle få ord er nok. Du må også gerne lade feltet stå tomt.",
    "thanks": "Mange tak",
    "next": "Dine kontaktpersoner læser svaret og kontakter dig, hvis de kan hjælpe.",
    "mail.subject": "Vil du anbefale os?",
    "mail.body": mail(
        "da",
        "Hvad synes du om {{ organisation.name }}, alt i alt? Et enkelt tal siger meget, og det "
        "tager under et minut.",
    ),
    "mail.button": "Svar",
    "reminder.subject": "Vi vil stadig gerne høre fra dig",
    "reminder.body": mail(
        "da",
        "For nogle dage siden spurgte vi, om du vil anbefale os. Et ærligt svar hjælper os, "
        "uanset om det er godt eller dårligt.",
    ),
}
SV = {
    "title": "Vill du rekommendera oss?",
    "intro": "Två frågor, under en minut.",
    "q.score": "Hur troligt är det att du skulle rekommendera oss till någon du känner?",
    "q.score.low": "Inte alls troligt",
    "q.score.high": "Mycket troligt",
    "q.comment": "Vad är det främsta skälet till ditt svar?",
    "q.comment.help": "Några få ord räcker. Du kan också lämna fältet tomt.",
    "thanks": "Tack så mycket",
    "next": "Dina kontaktpersoner läser svaret och hör av sig om de kan hjälpa till.",
    "mail.subject": "Vill du rekommendera oss?",
    "mail.body": mail(
        "sv",
        "Vad tycker du om {{ organisation.name }}, på det stora hela? En enda siffra säger mycket "
        "och tar under en minut.",
    ),
    "mail.button": "Svara",
    "reminder.subject": "Vi vill fortfarande gärna höra från dig",
    "reminder.body": mail(
        "sv",
        "För några dagar sedan frågade vi om du vill rekommendera oss. Ett ärligt svar hjälper "
        "oss, oavsett om det är bra eller dåligt.",
    ),
}
DOCUMENT = survey(QUESTIONS, {"en": EN, "nb": NB, "da": DA, "sv": SV})
