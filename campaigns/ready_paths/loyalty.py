"""They have stayed: thanks, and a person who says so, too."""

from django.utils.translation import gettext_noop as _

from campaigns.ready_paths.common import mail, path, task, wait

THANKS = {
    "en": (
        "Thank you for staying with us",
        (
            "You have been a customer of {{ organisation.name }} for a long time, and we do"
            " not take that for granted. Thank you.\n\nIs there something that we could do"
            " better for you? We would like to know, just reply."
        ),
    ),
    "nb": (
        "Takk for at du er hos oss",
        (
            "Du har vært kunde hos {{ organisation.name }} lenge, og det tar vi ikke for"
            " gitt. Tusen takk.\n\nEr det noe vi kan gjøre bedre for deg? Det vil vi gjerne"
            " vite, bare svar på denne e-posten."
        ),
    ),
    "da": (
        "Tak, fordi du er hos os",
        (
            "Du har længe været kunde hos {{ organisation.name }}, og det tager vi ikke for"
            " givet. Mange tak.\n\nEr der noget, vi kan gøre bedre for dig? Det vil vi gerne"
            " vide, svar blot på denne mail."
        ),
    ),
    "sv": (
        "Tack för att du är hos oss",
        (
            "Du har länge varit kund hos {{ organisation.name }}, och det tar vi inte för"
            " givet. Stort tack.\n\nÄr det något vi kan göra bättre för dig? Det vill vi"
            " gärna veta, svara bara på det här mejlet."
        ),
    ),
}

DOCUMENT = path(
    (
        mail("mail1", THANKS),
        wait("wait1", 7),
        task("task1", _("Thank them in person for staying with us"), 14),
    )
)
