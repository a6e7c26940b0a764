"""The topics that readers choose from: how they stand, and one of them changed."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.forms.customers import SeenMixin
from customers.forms.topics import TopicForm
from customers.mail.kinds import kinds_in_words
from customers.models import Topic, TopicWish
from customers.services.topics import change_topic, fields_of, silent_on
from customers.views.access import allowed, person, visible_customers
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view
from customers.views.editing import or_show_theirs


@dataclass(frozen=True)
class TopicLine:
    """A topic, the kinds of mail that it covers, and how many contacts have left it."""

    topic: Topic
    kinds: str
    left: int


def topic_lines(request: HttpRequest) -> list[TopicLine]:
    return [
        TopicLine(topic, kinds_in_words(topic.kinds), left) for topic, left in unwanted(request)
    ]


def unwanted(request: HttpRequest) -> list[tuple[Topic, int]]:
    """Each topic, and how many contacts do not want it."""
    theirs = TopicWish.objects.filter(
        wanted=False, contact__customer__in=visible_customers(request)
    )
    counts = theirs.order_by().values_list("topic").annotate(people=Count("pk"))
    numbers = dict(counts)
    return [(topic, numbers.get(topic.pk, 0)) for topic in Topic.objects.all()]


@asks
@dialog_view
@allowed("customers.change_topic")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Word a topic, place it, and say whether people who did not choose get it."""
    topic, topics = get_object_or_404(Topic, pk=pk), list(Topic.objects.all())
    held = fields_of(topic, topics)
    sealed = SeenMixin.sealed(held)
    begins = held | {"seen": sealed}
    form = TopicForm(topics, silent_on(topic), request.POST or None, initial=begins)

    def act() -> Done:
        given = dict(form.cleaned_data)
        changed = change_topic(topic, given, seen=given.pop("seen"), by=person(request))
        return Done(_("Saved.") if changed else _("All of it stood so already."))

    intro = _(
        "How readers see it on the page where they choose. It covers %(kinds)s. That can't be"
        " changed: the kind of a mail decides its topic."
    ) % {"kinds": kinds_in_words(topic.kinds)}
    back = reverse("customers:mail_settings") + "#topics"
    dialog = Dialog(_("Topic: %(name)s") % {"name": topic}, _("Save"), back, intro=intro)
    return converse(request, dialog, form, lambda: or_show_theirs(form, act, sealed))
