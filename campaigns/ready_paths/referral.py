"""They are content: whom do they know? Asked once, and once more."""

from campaigns.ready_paths.common import mail, path, wait

ASK = {
    "en": (
        "Who else could use this?",
        (
            "You seem content with {{ organisation.name }}, which we are glad of. Do you know"
            " somebody whom we could help in the same way?\n\nForward this mail, or reply"
            " with a name. We write to nobody without your word."
        ),
    ),
    "nb": (
        "Hvem andre kan ha nytte av dette?",
        (
            "Du ser ut til å være fornøyd med {{ organisation.name }}, og det er vi glade"
            " for. Kjenner du noen vi kan hjelpe på samme måte?\n\nVideresend denne e-posten,"
            " eller svar med et navn. Vi skriver ikke til noen uten at du har sagt ja."
        ),
    ),
    "da": (
        "Hvem andre kunne have glæde af det?",
        (
            "Du ser ud til at være tilfreds med {{ organisation.name }}, og det er vi glade"
            " for. Kender du nogen, vi kunne hjælpe på samme måde?\n\nVideresend denne mail,"
            " eller svar med et navn. Vi skriver ikke til nogen, uden at du har sagt ja."
        ),
    ),
    "sv": (
        "Vem mer kan ha nytta av det här?",
        (
            "Du verkar vara nöjd med {{ organisation.name }}, och det är vi glada för. Känner"
            " du någon som vi kan hjälpa på samma sätt?\n\nVidarebefordra det här mejlet,"
            " eller svara med ett namn. Vi skriver inte till någon utan ditt medgivande."
        ),
    ),
}
ONCE_MORE = {
    "en": (
        "Does somebody come to mind?",
        (
            "A while ago we asked whether you know somebody whom we could help. If nobody"
            " comes to mind, forget it; we will not ask again."
        ),
    ),
    "nb": (
        "Kommer du på noen?",
        (
            "For en stund siden spurte vi om du kjenner noen vi kan hjelpe. Kommer du ikke på"
            " noen, kan du bare glemme det. Vi spør ikke igjen."
        ),
    ),
    "da": (
        "Kommer du i tanke om nogen?",
        (
            "For noget tid siden spurgte vi, om du kender nogen, vi kunne hjælpe. Kommer du"
            " ikke i tanke om nogen, så glem det bare. Vi spørger ikke igen."
        ),
    ),
    "sv": (
        "Kommer du att tänka på någon?",
        (
            "För en tid sedan frågade vi om du känner någon som vi kan hjälpa. Kommer du inte"
            " på någon kan du bara glömma det. Vi frågar inte igen."
        ),
    ),
}

DOCUMENT = path((mail("mail1", ASK), wait("wait1", 21), mail("mail2", ONCE_MORE)))
