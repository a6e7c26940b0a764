"""Every address of the installation, and real rows to fill it in with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.urls import get_resolver
from django.urls.resolvers import URLResolver
from django.utils import timezone

from campaigns.leaving.links import path_of as way_out
from campaigns.links import path_of
from campaigns.models import ContentSent
from churnapp.models import Job, User
from customers.mail import links, unsubscribe
from customers.models import (
    BulkHandover,
    Customer,
    Handover,
    MailBatch,
    OutgoingEmail,
    SavedView,
    Suppression,
    Topic,
)
from feedback.models import SendingRule
from tests.campaign_factories import (
    make_campaign,
    make_cancel_visit,
    make_content,
    make_fix,
    make_grant,
    make_level,
    make_recipient,
    make_recommendation,
    make_referral,
    make_referral_link,
)
from tests.factories import (
    make_cancellation,
    make_complaint,
    make_contact,
    make_customer,
    make_feature,
    make_flag,
    make_import,
    make_interaction,
    make_mail,
    make_mention,
    make_offer,
    make_plan,
    make_reason,
    make_rule,
    make_segment,
    make_subscription,
    make_task,
    stand,
)
from tests.feedback_factories import (
    make_comment_theme,
    make_delivery,
    make_incoming_webhook,
    make_invitation,
    make_open_link,
    make_response,
    make_survey,
    make_theme,
    make_webhook,
)


@dataclass(frozen=True)
class Address:
    """A named address: its name with namespaces, and its pattern."""

    name: str
    pattern: str

    def filled(self, rows: dict[str, Model]) -> str:
        """The path, with the key of the row that its nearest word names."""
        path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", self.pattern).replace("^", "")
        path = path.replace("$", "").replace("\\.", ".")
        if "judged" in rows:
            path = path.replace(
                "campaigns/<int:pk>/results", f"campaigns/{rows['judged'].pk}/results"
            )
        for word, row in rows.items():
            path = re.sub(rf"{word}/<(int:)?pk>", f"{word}/{row.pk}", path)
        if "library" in rows:
            path = path.replace("<int:content>", str(rows["library"].pk))
        path = path.replace("<slug:whom>", "left").replace("<slug:content>", "guide")
        path = path.replace("<slug:key>", "lost_customers").replace("<slug:kind>", "text")
        if "offers/made" in rows:
            path = path.replace("o/<str:written>", path_of(rows["offers/made"])[1:])
        if "cancel-flows/visits" in rows:
            path = path.replace("c/<str:written>", way_out(rows["cancel-flows/visits"])[1:])
        if "referrals/people" in rows:
            path = path.replace("r/<str:code>", f"r/{rows['referrals/people'].link.code}")
        path = path.replace("<str:written>", "1-of-the-walk").replace("<slug:step>", "hello")
        path = path.replace("u/<str:token>", f"u/{signed_link()}")
        path = path.replace("<str:token>", "token-of-the-walk").replace("<slug:code>", "walk")
        return "/" + path.replace("<uidb36>-<key>", "1-set-password")

    def is_of_customer(self) -> bool:
        """Whether a customer stands behind its row, who may not be for everyone to see."""
        words = "customers|contacts|handovers|subscriptions|terms|cancellations|tasks|interactions|"
        words += (
            "invitations|responses|complaints|mentions|comments|made|grants|visits|cancel-visits|"
            "recipients|people|v1/referrals|sent|recommendations"
        )
        return re.search(rf"({words}|risk-flags)/(<int:pk>|\(\?P<pk>)", self.pattern) is not None


def signed_link() -> str:
    """What an unsubscribe link of a mail ends with."""
    mail = OutgoingEmail(to_email="kari@example.com", purpose="survey", language="en")
    return unsubscribe.address_of(mail).rpartition("/u/")[2]


def addresses() -> list[Address]:
    return list(walked(get_resolver().url_patterns, "", ()))


def walked(patterns: list, prefix: str, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from walked(pattern.url_patterns, path, inner)
        else:
            yield Address(":".join([*spaces, pattern.name or path]), path)


def make_rows(owner: User) -> dict[str, Model]:
    """One row behind each address that has a key, by the word before it; longer words first."""
    customer = make_customer(owner=owner)
    subscription = make_subscription(customer)
    stand(customer)
    make_invitation(contact=make_contact(customer), token_sha256=links.hash_of("token-of-the-walk"))
    return (
        {
            "customers/views": SavedView.objects.create(owner=owner, page="customers", name="Mine"),
            "risk/rules": make_rule(),
            "customers/hand-over": BulkHandover.objects.create(
                job=Job.objects.create(kind="hand_over", created_by=owner),
                to=owner,
                on=date(2100, 1, 1),
            ),
            "risk-flags": make_flag(customer),
            "customers": customer,
            "contacts": make_contact(customer),
            "handovers": Handover.objects.create(
                customer=customer, to=owner, on=date(2100, 1, 1), created_at=timezone.now()
            ),
            "subscriptions": subscription,
            "terms": subscription.terms.get(),
            "cancellations": make_cancellation(customer),
            "tasks": make_task(customer, assignee=owner),
            "interactions": make_interaction(customer),
            "mentions": make_mention(customer=customer),
            "complaints": make_complaint(customer),
            "segments": make_segment(),
            "plans": make_plan(),
            "features": make_feature(),
            "reasons": make_reason(),
            "imports": make_import(),
        }
        | make_offers(customer)
        | make_talk(customer)
        | make_ways_out(customer)
        | make_referrals(customer)
    )


def make_offers(customer: Customer) -> dict[str, Model]:
    """The rows of competitors' offers and our own."""
    return {
        "competitors/offers": (offer := make_offer()),
        "competitor-offers": offer,
        "competitors/names": offer.competitor.names.get(),
        "competitors": offer.competitor,
        "offers/made": (grant := make_grant(customer=customer)),
        "grants": grant,
        "offers": grant.offer,
    }


def make_library(customer: Customer) -> dict[str, Model]:
    """The rows of the library, and what of it was shown to a customer."""
    content = make_content()
    sent = ContentSent.objects.create(
        content=content, customer=customer, how="noted", key="walk", at=timezone.now()
    )
    return {
        "library/sent": sent,
        "library/recommendations": (hint := make_recommendation(customer)),
        "recommendations": hint,
        "library": content,
        "contents": content,
    }


def make_ways_out(customer: Customer) -> dict[str, Model]:
    """The rows of cancel flows."""
    visit = make_cancel_visit(customer=customer)
    return {"cancel-flows/visits": visit, "cancel-visits": visit, "cancel-flows": visit.flow}


def make_referrals(customer: Customer) -> dict[str, Model]:
    """The rows of referrals and loyalty."""
    referral = make_referral(make_referral_link(customer=customer), suggested=make_customer())
    return {
        "referrals/people": referral,
        "v1/referrals": referral,
        "referral-programs": referral.link.program,
        "referrals/levels": (level := make_level()),
        "loyalty-levels": level,
        "referrals": referral.link.program,
    }


def make_talk(customer: Customer) -> dict[str, Model]:
    """The rows of mail, surveys and what tells of them."""
    return {
        "incoming": make_incoming_webhook(code="walk"),
        "webhooks/deliveries": make_delivery(webhook := make_webhook()),
        "webhooks": webhook,
        "campaigns/fixes": make_fix(),
        **make_library(customer),
        "campaigns": make_campaign(),
        "recipients": make_recipient(customer=customer),
        "surveys/rules": SendingRule.objects.create(survey=make_survey(), trigger="by_hand"),
        "mail/batches": MailBatch.objects.create(name="Walk", paused_at=timezone.now()),
        "mail/addresses": Suppression.objects.create(address_hmac="0" * 64, reason="by_hand"),
        "mail/topics": Topic.objects.get(code="news"),
        "mail": make_mail(customer, html="<p>What do you think?</p>"),
        "surveys/open-links": make_open_link(code="walk"),
        "surveys/answers": make_response(contact=make_contact(customer)),
        "surveys": (survey := make_survey()),
        "invitations": make_invitation(survey, make_contact(customer)),
        "responses": make_response(survey, contact=make_contact(customer)),
        "surveys/themes": make_theme(),
        "comments": make_comment_theme(
            response=make_response(survey, contact=make_contact(customer), comment="Slow app")
        ),
    }
