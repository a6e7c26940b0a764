"""What mail a contact wants, noted by a colleague whom they told."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.forms.customers import SeenMixin
from customers.forms.wishes import WishesForm, held
from customers.models import Contact, Topic
from customers.services.wishes import change_wishes
from customers.views.access import allowed, organisation, person
from customers.views.contact_actions import contact_or_404
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view


@asks
@dialog_view
@allowed("customers.change_contact")
def wishes(request: HttpRequest, pk: int) -> Any:
    """Topics, how often, a pause and the language."""
    contact, zone = contact_or_404(request, pk), organisation(request).zone
    topics = list(Topic.objects.all())
    beginning = beginning_of(contact, topics)
    until = beginning["paused_until"]
    beginning["paused_until"] = until.astimezone(zone).date() if until else None
    sealed = {"seen": SeenMixin.sealed(beginning)}
    form = WishesForm(topics, request.POST or None, initial=beginning | sealed)

    def act() -> Done:
        source = form.cleaned_data["source"]
        said = change_wishes(contact, form.changes(zone), source=source, by=person(request))
        return Done(_("Saved.") if said else _("All of it stood so already."))

    back = reverse("customers:detail", args=[contact.customer_id]) + "#contacts"
    dialog = Dialog(
        _("What mail %(name)s wants") % {"name": contact},
        _("Save"),
        back,
        intro=_(
            "Only what changes is noted, and it holds from now on, also for what waits. Personal"
            " mails go in any case. Each mail leads them to a page where they choose this"
            " themselves."
        ),
    )
    return converse(request, dialog, form, act)


def beginning_of(contact: Contact, topics: list[Topic]) -> dict[str, Any]:
    wanted = dict(contact.topic_wishes.values_list("topic", "wanted"))
    there = getattr(contact, "mail_wishes", None)
    return held(topics, wanted, there, timezone.now()) | {"language": contact.language}
