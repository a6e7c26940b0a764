"""The demo company's library, and what the night before recommends."""

from datetime import timedelta

from campaigns.demo.library_texts import SHELF
from campaigns.models import Content
from campaigns.recommending.renewing import renew
from campaigns.services.contents import make_content
from churnapp.models import User
from customers.demo.company import Company
from customers.models import Feature, Plan
from customers.standings import refresh_standings

MANAGER = "manager@demo.example"
SITE = "https://lysbro.example"


def fill_library(company: Company) -> None:
    """Put the contents in; safe where an installation has some of these keys already."""
    by, today = User.objects.get(email=MANAGER), company.world.today
    features = {feature.code: feature for feature in Feature.objects.all()}
    plans = {plan.code: plan for plan in Plan.objects.all()}
    taken = set(Content.objects.values_list("key", flat=True))
    for book in SHELF:
        if book.key in taken:
            continue
        texts = {
            language: {
                "title": title,
                "summary": summary,
                "address": f"{SITE}/{language}/{book.key.replace('_', '-')}",
            }
            for language, (title, summary) in book.texts.items()
        }
        published, expires = book.days
        make_content(
            {
                "key": book.key,
                "kind": book.kind,
                "texts": texts,
                "owner": by,
                "features": [features[code] for code in book.features if code in features],
                "plans": [plans[code] for code in book.plans if code in plans],
                "published_on": None if published is None else today - timedelta(days=published),
                "expires_on": None if expires is None else today - timedelta(days=expires),
            },
            by=by,
        )
    refresh_standings(None, now=company.world.now)
    renew(as_of=today, now=company.world.now)
