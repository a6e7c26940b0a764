"""Confirm all comments in the same words, and take that back."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from churnapp.common import formats
from churnapp.common.errors import RuleError
from customers.views.access import allowed, person
from customers.views.dialogs import Done, asked_page, leave
from feedback.models import CommentTheme
from feedback.services.same_words import confirm_same, reopen_same

State = CommentTheme.State


def numbers_of_same(rows: Iterable[Any], found: QuerySet[Any]) -> dict[tuple[int, str], int]:
    """How many of `found` wait, by theme and words of these rows; one question."""
    words = {row.said for row in rows}
    same = found.filter(state=State.SUGGESTED, said__in=words).order_by()
    counted = same.values("counts_as", "said").annotate(number=Count("pk"))
    return {(row["counts_as"], row["said"]): row["number"] for row in counted}


@require_POST
@allowed("feedback.change_commenttheme")
def confirm_all(request: HttpRequest, pk: int) -> HttpResponse:
    """All comments in the words of this one are about the theme."""

    def told(number: int) -> Done:
        text = ngettext("Confirmed: %(n)s comment.", "Confirmed: %(n)s comments.", number)
        undo = reverse("surveys:reopen_same", args=[pk])
        return Done(text % {"n": formats.number(number)}, undo)

    return judge_same(request, pk, confirm_same, told)


@require_POST
@allowed("feedback.change_commenttheme")
def reopen_all(request: HttpRequest, pk: int) -> HttpResponse:
    """They wait again."""

    def told(number: int) -> Done:
        text = ngettext(
            "Taken back: %(n)s comment waits again.",
            "Taken back: %(n)s comments wait again.",
            number,
        )
        return Done(text % {"n": formats.number(number)})

    return judge_same(request, pk, reopen_same, told)


def judge_same(
    request: HttpRequest, pk: int, judge: Callable[..., int], told: Callable[[int], Done]
) -> HttpResponse:
    """Judge all in the words of this one, and say of how many that was."""
    found, back = readable(request), back_of(request)
    row = get_object_or_404(found, pk=pk)
    try:
        number = judge(row, found, by=person(request))
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(back)
    return leave(request, told(number), back)


def readable(request: HttpRequest) -> QuerySet[Any]:
    return CommentTheme.objects.visible_to(person(request)).counted().once_a_theme().told()


def back_of(request: HttpRequest) -> str:
    return asked_page(request) or reverse("surveys:themes")
