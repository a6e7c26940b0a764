"""What must stand before customers can: the organisation, people, plans, features, reasons."""

from django.contrib.auth.models import Group

from churnapp.models import Organisation, User
from customers.demo.catalogue import FEATURES, PLANS, released_on
from customers.demo.colleagues import COLLEAGUES, Colleague
from customers.demo.world import Story
from customers.models import Customer, Feature, Plan, Term

MARK = "demo-"


def is_there() -> bool:
    """Whether a demo company stands in this installation."""
    return Customer.objects.filter(external_id__startswith=MARK).exists()


def has_others() -> bool:
    """Whether customers stand here that are not the demo's."""
    return Customer.objects.exclude(external_id__startswith=MARK).exists()


def name_organisation() -> None:
    """Call an installation without a name and without terms Lysbro, reporting in kroner."""
    if not Term.objects.exists():
        Organisation.objects.filter(pk=1, name="").update(
            name="Lysbro", currency="NOK", gross_margin="0.82"
        )


def hire() -> None:
    """Make the colleagues that are missing; nobody can sign in until given a password."""
    groups = {group.name: group for group in Group.objects.all()}
    for colleague in COLLEAGUES:
        user, made = User.objects.get_or_create(
            email=colleague.email,
            defaults={"name": colleague.name, "is_staff": _is_staff(colleague)},
        )
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        user.groups.add(groups[colleague.role])


def _is_staff(colleague: Colleague) -> bool:
    """Who may open the admin site."""
    return colleague.role in {"manager", "admin"}


def set_passwords(password: str) -> list[User]:
    """Give the four logins one password; the users, in the order of their roles."""
    emails = [colleague.email for colleague in COLLEAGUES if colleague.signs_in]
    users = {user.email: user for user in User.objects.filter(email__in=emails)}
    for user in users.values():
        user.set_password(password)
        user.save(update_fields=["password"])
    return [users[email] for email in emails if email in users]


def stock(story: Story) -> None:
    """Make the plans and features that are missing."""
    features = {
        code: Feature.objects.get_or_create(
            code=code, defaults={"name": name, "released_on": released_on(code, story)}
        )[0]
        for code, name in FEATURES.items()
    }
    for plan in PLANS.values():
        row, _made = Plan.objects.get_or_create(code=plan.code, defaults={"name": plan.name})
        row.features.add(*(features[code] for code in plan.features))
