"""Who may do what, asked of the database once a request."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q

KEPT_AS = "_perm_cache"  # where Django's own backend keeps them


class OneQuestionBackend(ModelBackend):
    """As Django's own; what a person may do themselves and by their role is one question, not two.

    Every request asks it, and a fragment of a page has few questions to spare.
    """

    def get_all_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, KEPT_AS):
            setattr(user_obj, KEPT_AS, permissions_of(user_obj))
        known: set[str] = getattr(user_obj, KEPT_AS)
        return known


def permissions_of(user: Any) -> set[str]:
    """`app.codename` of each; a superuser has them all."""
    held = Permission.objects.all()
    if not user.is_superuser:
        held = held.filter(Q(user=user) | Q(group__user=user))
    pairs = held.values_list("content_type__app_label", "codename").order_by()
    return {f"{app}.{codename}" for app, codename in pairs}
