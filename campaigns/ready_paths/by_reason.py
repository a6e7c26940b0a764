"""They left for a reason: the letter that takes up just that, by the category of the reason.

Nothing is promised that the organisation may not keep; it is a start that they make their own.
"""

from campaigns.ready_paths.common import Said, worded
from customers.models import ReasonCategory

PRICE: dict[str, Said] = {
    "en": (
        "What would be a fair price?",
        (
            "When you left {{ organisation.name }}, it came down to price. We would rather find"
            " an agreement that fits what you use than lose you over one that did not.\n\nReply"
            " to this mail with what you need today, and we tell you what it would cost."
        ),
    ),
    "nb": (
        "Hva ville vært en riktig pris?",
        (
            "Da du sluttet hos {{ organisation.name }}, var det prisen som avgjorde. Vi vil"
            " heller finne en avtale som passer bruken din, enn å miste deg på grunn av en som"
            " ikke gjorde det.\n\nSvar på denne e-posten og si hva du trenger i dag, så sier vi"
            " hva det ville koste."
        ),
    ),
    "da": (
        "Hvad ville være en rimelig pris?",
        (
            "Da du forlod {{ organisation.name }}, var det prisen, der afgjorde det. Vi vil"
            " hellere finde en aftale, der passer til dit forbrug, end miste dig på grund af en,"
            " der ikke gjorde.\n\nSvar på denne mail og fortæl, hvad du har brug for i dag, så"
            " siger vi, hvad det ville koste."
        ),
    ),
    "sv": (
        "Vad vore ett rimligt pris?",
        (
            "När du lämnade {{ organisation.name }} var det priset som avgjorde. Vi hittar"
            " hellre ett avtal som passar det du använder än förlorar dig på ett som inte"
            " gjorde det.\n\nSvara på det här mejlet och berätta vad du behöver i dag, så säger"
            " vi vad det skulle kosta."
        ),
    ),
}
PRODUCT: dict[str, Said] = {
    "en": (
        "What would have to work?",
        (
            "When you left {{ organisation.name }}, the reason was this: “{{ reason }}”. We have"
            " worked on since then.\n\nReply with the one thing that would have to work for you,"
            " and we tell you honestly whether it does today."
        ),
    ),
    "nb": (
        "Hva måtte fungere?",
        (
            "Da du sluttet hos {{ organisation.name }}, var dette grunnen: «{{ reason }}». Vi"
            " har jobbet videre siden da.\n\nSvar med den ene tingen som måtte fungere for deg,"
            " så sier vi ærlig om den gjør det i dag."
        ),
    ),
    "da": (
        "Hvad skulle virke?",
        (
            "Da du forlod {{ organisation.name }}, var dette grunden: ”{{ reason }}”. Vi har"
            " arbejdet videre siden da.\n\nSvar med den ene ting, der skulle virke for dig, så"
            " siger vi ærligt, om den gør det i dag."
        ),
    ),
    "sv": (
        "Vad skulle behöva fungera?",
        (
            "När du lämnade {{ organisation.name }} var skälet det här: ”{{ reason }}”. Vi har"
            " arbetat vidare sedan dess.\n\nSvara med den enda sak som skulle behöva fungera för"
            " dig, så säger vi ärligt om den gör det i dag."
        ),
    ),
}
SERVICE: dict[str, Said] = {
    "en": (
        "We should have done better",
        (
            "When you left {{ organisation.name }}, the reason was our work: “{{ reason }}”. We"
            " are sorry about that.\n\nIf you give us another try, one person here answers for"
            " you, and you are told who before you decide anything. Just reply to this mail."
        ),
    ),
    "nb": (
        "Vi burde ha gjort det bedre",
        (
            "Da du sluttet hos {{ organisation.name }}, var det arbeidet vårt som var grunnen:"
            " «{{ reason }}». Det beklager vi.\n\nGir du oss en sjanse til, får du én person her"
            " som har ansvaret for deg, og du får vite hvem det er før du bestemmer noe. Bare"
            " svar på denne e-posten."
        ),
    ),
    "da": (
        "Vi burde have gjort det bedre",
        (
            "Da du forlod {{ organisation.name }}, var vores arbejde grunden: ”{{ reason }}”."
            " Det beklager vi.\n\nGiver du os en chance til, får du én person her, der har"
            " ansvaret for dig, og du får at vide hvem, før du beslutter noget. Svar bare på"
            " denne mail."
        ),
    ),
    "sv": (
        "Vi borde ha gjort det bättre",
        (
            "När du lämnade {{ organisation.name }} var vårt arbete skälet: ”{{ reason }}”. Det"
            " beklagar vi.\n\nGer du oss en chans till får du en person här som ansvarar för"
            " dig, och du får veta vem innan du bestämmer något. Svara bara på det här mejlet."
        ),
    ),
}
COMPETITION: dict[str, Said] = {
    "en": (
        "How is it going where you are now?",
        (
            "Some time ago you moved from {{ organisation.name }} to somebody else. We hope that"
            " it goes well.\n\nIf there is something that you miss, the way back is short: what"
            " you had here is still there. Just reply to this mail."
        ),
    ),
    "nb": (
        "Hvordan går det der du er nå?",
        (
            "For en tid siden byttet du fra {{ organisation.name }} til noen andre. Vi håper at"
            " det går bra.\n\nEr det noe du savner, er veien tilbake kort: det du hadde her, er"
            " der fortsatt. Bare svar på denne e-posten."
        ),
    ),
    "da": (
        "Hvordan går det der, hvor du er nu?",
        (
            "For noget tid siden skiftede du fra {{ organisation.name }} til en anden. Vi håber,"
            " at det går godt.\n\nEr der noget, du savner, er vejen tilbage kort: det, du havde"
            " her, er der stadig. Svar bare på denne mail."
        ),
    ),
    "sv": (
        "Hur går det där du är nu?",
        (
            "För en tid sedan bytte du från {{ organisation.name }} till någon annan. Vi hoppas"
            " att det går bra.\n\nÄr det något du saknar är vägen tillbaka kort: det du hade här"
            " finns kvar. Svara bara på det här mejlet."
        ),
    ),
}
CUSTOMER: dict[str, Said] = {
    "en": (
        "Has something changed at your end?",
        (
            "When you left {{ organisation.name }}, the reason was at your end: “{{ reason }}”."
            " There was nothing for us to put right.\n\nIf that has changed, we would be glad to"
            " have you back, and what you had is still there. If not, you need do nothing."
        ),
    ),
    "nb": (
        "Har noe endret seg hos dere?",
        (
            "Da du sluttet hos {{ organisation.name }}, lå grunnen hos dere: «{{ reason }}»."
            " Det var ingenting vi kunne rette opp.\n\nHar det endret seg, er du hjertelig"
            " velkommen tilbake, og alt du hadde, er der fortsatt. Har det ikke det, trenger du"
            " ikke gjøre noe."
        ),
    ),
    "da": (
        "Har noget ændret sig hos jer?",
        (
            "Da du forlod {{ organisation.name }}, lå grunden hos jer: ”{{ reason }}”. Der var"
            " ikke noget, vi kunne rette op på.\n\nHar det ændret sig, er du hjertelig velkommen"
            " tilbage, og det, du havde, er der stadig. Har det ikke, skal du ikke gøre noget."
        ),
    ),
    "sv": (
        "Har något ändrats hos er?",
        (
            "När du lämnade {{ organisation.name }} låg skälet hos er: ”{{ reason }}”. Det fanns"
            " inget för oss att rätta till.\n\nHar det ändrats är du varmt välkommen tillbaka,"
            " och det du hade finns kvar. Annars behöver du inte göra något."
        ),
    ),
}
PAYMENT: dict[str, Said] = {
    "en": (
        "Did you mean to leave?",
        (
            "Your agreement with {{ organisation.name }} ended because a payment did not go"
            " through. Perhaps nobody meant it to.\n\nReply to this mail, and we put it right"
            " together. What you had is still there."
        ),
    ),
    "nb": (
        "Var det meningen å slutte?",
        (
            "Avtalen din med {{ organisation.name }} tok slutt fordi en betaling ikke gikk"
            " gjennom. Kanskje var det ikke meningen.\n\nSvar på denne e-posten, så ordner vi"
            " det sammen. Alt du hadde, er der fortsatt."
        ),
    ),
    "da": (
        "Var det meningen at stoppe?",
        (
            "Din aftale med {{ organisation.name }} sluttede, fordi en betaling ikke gik"
            " igennem. Måske var det ikke meningen.\n\nSvar på denne mail, så ordner vi det"
            " sammen. Det, du havde, er der stadig."
        ),
    ),
    "sv": (
        "Var det meningen att sluta?",
        (
            "Ditt avtal med {{ organisation.name }} tog slut för att en betalning inte gick"
            " igenom. Kanske var det inte meningen.\n\nSvara på det här mejlet, så ordnar vi det"
            " tillsammans. Det du hade finns kvar."
        ),
    ),
}
# Of reasons that nobody has sorted there is none: what is said to everybody is said to them too.
BY_CATEGORY: dict[str, dict[str, dict[str, str]]] = {
    ReasonCategory.PRICE: worded(PRICE),
    ReasonCategory.PRODUCT: worded(PRODUCT),
    ReasonCategory.SERVICE: worded(SERVICE),
    ReasonCategory.COMPETITION: worded(COMPETITION),
    ReasonCategory.CUSTOMER: worded(CUSTOMER),
    ReasonCategory.PAYMENT: worded(PAYMENT),
}
