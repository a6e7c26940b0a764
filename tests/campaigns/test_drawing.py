"""The path drawn on the overview, for who ended early."""

import pytest

from campaigns.models import Recipient
from campaigns.views.drawing import draw
from tests.campaign_factories import mail_step, make_campaign, path_of
from tests.campaigns.running import go_on, launched
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


def test_the_overview_says_after_which_step_people_ended_early():
    path = path_of(mail_step(), {"key": "w", "kind": "wait", "days": 3}, mail_step("again"))
    for _ in range(3):
        make_contact()
    campaign = launched(make_campaign(path=path))
    go_on(campaign)
    stays = Recipient.objects.order_by("pk").first()
    Recipient.objects.exclude(pk=stays.pk).update(state="exited", why="goal", step="")
    drawing = draw(campaign, {})
    assert [node.outcomes for node in drawing.nodes] == [
        [("mail queued", 3)], [("waited", 3), ("ended early after it", 2)], [],
    ]  # fmt: skip
