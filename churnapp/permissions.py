"""Four roles on Django's own permissions, and who sees which customers."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.management import create_permissions

if TYPE_CHECKING:
    from churnapp.models import Organisation, User

VIEWER, CSM, MANAGER, ADMIN = "viewer", "csm", "manager", "admin"
ROLES = (VIEWER, CSM, MANAGER, ADMIN)
APPS = ("churnapp", "customers", "feedback", "campaigns", "auth")

# What a role adds to the one before it, as "app.codename"; a trailing * stands for any ending.
GRANTS: dict[str, tuple[str, ...]] = {
    VIEWER: ("customers.view_*", "feedback.view_*", "campaigns.view_*"),
    CSM: (
        *(
            f"customers.{verb}_{model}"
            for model in (
                "customer", "contact", "subscription", "term", "cancellation",
                "interaction", "task", "riskflag", "savedview", "usage", "complaint",
                "mention", "competitor", "competitorname", "competitoroffer",
            )
            for verb in ("add", "change")
        ),
        "customers.delete_savedview",
        "customers.delete_task",
        "customers.send_outgoingemail",
        "feedback.add_invitation",
        "feedback.add_response",
        "feedback.change_response",
        "feedback.change_commenttheme",
        "campaigns.add_grant",
        "campaigns.change_grant",
        "campaigns.add_cancelvisit",
        "campaigns.add_referral",
        "campaigns.change_referral",
        "campaigns.add_referrallink",
        "campaigns.add_contentsent",
        "campaigns.change_recommendation",
    ),
    MANAGER: (
        *(
            f"customers.{verb}_{model}"
            for model in (
                "plan", "feature", "cancellationreason", "reasonversion", "riskrule",
                "import", "columnmapping", "spend", "fxrate", "payment", "segment",
            )
            for verb in ("add", "change")
        ),
        *(
            f"feedback.{verb}_{model}"
            for model in (
                "survey", "surveyversion", "sendingrule", "openlink", "theme", "webhook",
            )
            for verb in ("add", "change")
        ),
        "feedback.delete_webhook",
        *(
            f"campaigns.{verb}_{model}"
            for model in (
                "offer", "campaign", "fix", "cancelflow", "referralprogram", "loyaltylevel",
                "content",
            )
            for verb in ("add", "change")
        ),
        "campaigns.launch_campaign",
        "campaigns.approve_offer",
        "customers.add_mailbatch",
        "customers.change_mailbatch",
        "customers.delete_contact",
        "customers.delete_riskrule",
        "customers.export_customer",
        "customers.bulk_change_customer",
    ),
    ADMIN: ("customers.*", "feedback.*", "campaigns.*", "churnapp.*", "auth.*"),
}  # fmt: skip


def sees_everything(user: "User", organisation: "Organisation") -> bool:
    """False only for a customer-success manager where the organisation limits them to their own."""
    if not organisation.csm_sees_own_only or user.is_superuser:
        return True
    return user.has_perm("customers.bulk_change_customer") or not user.has_perm(
        "customers.change_customer"
    )


def grant_roles(apps: Any) -> None:
    """Make the four groups and give them what `GRANTS` says; for migrations, safe to repeat."""
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    there = [label for label in APPS if label in apps.app_configs]  # an early migration knows few
    for label in there:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    known = permission_model.objects.select_related("content_type")
    names = {f"{p.content_type.app_label}.{p.codename}": p for p in known}
    granted: list[str] = []
    for role in ROLES:
        granted += GRANTS[role]
        group, _ = group_model.objects.get_or_create(name=role)
        group.permissions.add(*(p for name, p in names.items() if _matches(name, granted)))


def _matches(name: str, patterns: list[str]) -> bool:
    return any(
        name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
        for pattern in patterns
    )
