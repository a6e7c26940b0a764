"""Files of mentions: social media, review sites and word of mouth."""

from pathlib import Path

from customers.importing.columns import Column, Reads, choices
from customers.importing.interactions import SENTIMENTS
from customers.importing.kinds import Kind, Target

SHARED = Path(__file__).parent.parent / "sql"
KINDS = choices(
    social="facebook linkedin twitter instagram sosiale sociale sociala post",
    review="anmeldelse recension omtale bewertung trustpilot g2 capterra",
    word="word-of-mouth muntlig mundtlig muntligt jungeltelegrafen",
)

KIND = Kind(
    name="mentions",
    columns=(
        Column("kind", Reads.CHOICE, required=True, choices=KINDS),
        Column("occurred_at", Reads.MOMENT, required=True),
        Column("external_id"),
        Column("site"),
        Column("comment", longest=100_000),
        Column("rating", Reads.NUMBER),
        Column("sentiment", Reads.CHOICE, choices=SENTIMENTS),
        Column("author"),
        Column("author_email", Reads.ADDRESS),
        Column("company", longest=300),
        Column("website", longest=2000),
        Column("url", longest=2000),
        Column("customer_id"),
        Column("replied_at", Reads.MOMENT),
    ),
    resolve=("mentions/resolve.sql", "unknown_customer.sql"),
    target=Target(
        table="customers_mention",
        columns={
            "customer_id": "",
            "matched_by": "",
            "external_id": "",
            "kind": "*",
            "site": "site",
            "url": "url",
            "author": "author",
            "author_email": "author_email",
            "company": "company",
            "domain": "website",
            "text": "comment",
            "rating": "rating",
            "sentiment": "sentiment",
            "occurred_at": "*",
            "replied_at": "replied_at",
        },
        called="coalesce(nullif(author, ''), nullif(company, ''), site) || ' '"
        " || pg_temp.our_day(occurred_at)",
    ),
    publish=(str(SHARED / "mentions_match.sql"), str(SHARED / "mentions_tell.sql")),
)
