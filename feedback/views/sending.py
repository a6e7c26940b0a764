"""When a survey goes out: its rules, what each would do, and switches."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from churnapp.common.errors import RuleError
from churnapp.common.htmx import page_or_fragment
from customers.views.access import allowed, person
from customers.views.segments import segments_to_choose
from feedback.forms.sending import NewSurveyForm, RuleForm
from feedback.inviting.previews import preview
from feedback.inviting.stopping import mails_waiting
from feedback.inviting.words import COUNTED
from feedback.models import SendingRule, Survey
from feedback.ready_surveys import READY
from feedback.services.sending import (
    add_rule,
    call_back_rule,
    change_rule,
    switch_off,
    switch_on,
)
from feedback.services.surveys import draft_survey


@require_http_methods(["GET", "POST"])
@allowed("feedback.add_survey")
def new(request: HttpRequest) -> HttpResponse:
    """A draft from a ready survey, to be read and changed before anybody is asked with it."""
    form = NewSurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind, name = form.cleaned_data["kind"], form.cleaned_data["name"]
        made = tried(form, lambda: draft_survey(kind, name, READY[kind], by=person(request)))
        if made is not None:
            may_build = request.user.has_perm("feedback.change_survey")
            return redirect("survey_builder:build" if may_build else "surveys:sending", made.pk)
    return render(request, "feedback/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allowed("feedback.view_sendingrule")
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules of a survey."""
    survey = get_object_or_404(Survey, pk=pk)
    rules = survey.rules.select_related("changed_by").order_by("trigger", "pk")
    context = {"survey": survey, "rules": rules, "is_published": is_published(survey)}
    return render(request, "feedback/sending.html", context)


@require_http_methods(["GET", "POST"])
@allowed("feedback.add_sendingrule")
def new_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Another rule, off until it is switched on."""
    survey = get_object_or_404(Survey, pk=pk)
    form = RuleForm(request.POST or None, views=segments_to_choose(person(request)))
    if request.method == "POST" and form.is_valid():
        rule = tried(form, lambda: add_rule(survey, form.cleaned_data, by=person(request)))
        if rule is not None:
            return redirect("surveys:rule", rule.pk)
    return shown(request, survey, form, {})


@require_http_methods(["GET", "POST"])
@allowed("feedback.change_sendingrule")
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule: change it, switch it on or off."""
    found = get_object_or_404(SendingRule.objects.select_related("survey", "batch"), pk=pk)
    views = segments_to_choose(person(request))
    form = RuleForm(request.POST or None, instance=found, views=views)
    if request.method == "POST" and form.is_valid():
        saved = tried(form, lambda: change_rule(found, form.cleaned_data, by=person(request)))
        if saved is not None:
            messages.success(request, _t("Saved."))
            return redirect("surveys:rule", pk)
    waiting = 0 if found.on_since else mails_waiting(found, timezone.now())
    return shown(request, found.survey, form, {"rule": found, "waiting": waiting})


@require_GET
@vary_on_headers("HX-Request")
@allowed("feedback.change_sendingrule")
def would_do(request: HttpRequest, pk: int) -> HttpResponse:
    """What a rule would do now: a part of its page, which asks for it, since it may take long."""
    found = get_object_or_404(SendingRule.objects.select_related("survey"), pk=pk)
    told = preview(found, now=timezone.now())
    context = {
        "rule": found,
        "survey": found.survey,
        "preview": told,
        "left_out": [(COUNTED[reason], count) for reason, count in told.left_out.items()],
    }
    template = page_or_fragment(request, "feedback/would_do.html", "feedback/_would_do.html")
    return render(request, template, context)


@require_POST
@allowed("feedback.change_sendingrule")
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a rule on, or off."""
    found = get_object_or_404(SendingRule, pk=pk)
    try:
        if "off" in request.POST:
            switch_off(found, by=person(request))
        else:
            switch_on(found, by=person(request))
    except RuleError as refusal:
        messages.error(request, str(refusal))
    return redirect("surveys:rule", pk)


@require_POST
@allowed("feedback.change_sendingrule")
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what a rule that was switched off has waiting."""
    found = get_object_or_404(SendingRule, pk=pk)
    try:
        stopped = call_back_rule(found, by=person(request))
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext(
            "%(count)s mail was called back.", "%(count)s mails were called back.", stopped
        )
        messages.success(request, said % {"count": stopped})
    return redirect("surveys:rule", pk)


def shown(
    request: HttpRequest, survey: Survey, form: forms.BaseForm, context: dict[str, Any]
) -> HttpResponse:
    context |= {"survey": survey, "form": form, "is_published": is_published(survey)}
    return render(request, "feedback/rule.html", context, status=422 if form.errors else 200)


def is_published(survey: Survey) -> bool:
    """Whether there is a version that can be sent."""
    return survey.versions.exclude(published_at=None).exists()


def tried[T](form: forms.BaseForm, deed: Callable[[], T]) -> T | None:
    """What the service made; None where it said no, which then stands in the form."""
    try:
        return deed()
    except RuleError as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal))
        return None
