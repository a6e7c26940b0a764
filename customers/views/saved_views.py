"""Saved views of the customer list: a name for filters, order and columns."""

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from churnapp.models import User
from customers.models import SavedView
from customers.views.access import allowed, person

CUSTOMER_LIST = "customers"


def views_for(user: User) -> QuerySet[SavedView]:
    """Views of the customer list that this person saved, and those that others share."""
    return SavedView.objects.filter(Q(owner=user) | Q(shared=True), page=CUSTOMER_LIST)


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "query", "shared"]


@require_POST
@allowed("customers.add_savedview")
def save_view(request: HttpRequest) -> HttpResponseRedirect:
    """Keep the list's address under a name; the same name again keeps the newer address."""
    form = SavedViewForm(request.POST)
    goal = reverse("customers:list") + f"?{request.POST.get('query', '')}"
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 100 letters."))
        return redirect(goal)
    key = {"owner": person(request), "page": CUSTOMER_LIST, "name": form.cleaned_data["name"]}
    kept = {name: form.cleaned_data[name] for name in ("query", "shared")}
    SavedView.objects.update_or_create(**key, defaults=kept)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": key["name"]})
    return redirect(goal)


@require_POST
@allowed("customers.delete_savedview")
def delete_view(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Delete one of one's own views, with a way back."""
    view = get_object_or_404(SavedView, pk=pk, owner=person(request), page=CUSTOMER_LIST)
    view.delete()
    messages.success(request, _("Deleted the view “%(name)s”.") % {"name": view.name})
    return redirect("customers:list")
