"""The demo company's library: every content is one that people could write, and it fills once."""

from types import SimpleNamespace

import pytest

from campaigns.demo.library import fill_library
from campaigns.models import Content, Recommendation
from customers.demo import setting
from tests.demo.test_company import make_world

pytestmark = pytest.mark.django_db


def test_it_holds_every_kind_and_state_and_fills_once():
    world = make_world()
    setting.hire()
    setting.stock(world.story)
    company = SimpleNamespace(world=world)
    fill_library(company)
    fill_library(company)
    contents = list(Content.objects.prefetch_related("features", "plans"))
    assert len(contents) == 8
    assert {content.kind for content in contents} == {"guide", "news", "download"}
    states = {content.state_on(world.today) for content in contents}
    assert states == {"published", "expired", "draft"}
    assert any(content.lacks("da") for content in contents)
    assert {f.code for c in contents for f in c.features.all()} >= {"forecast", "audit"}
    assert not Recommendation.objects.exists()  # without customers nobody is like anybody
