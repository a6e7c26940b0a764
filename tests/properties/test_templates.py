"""What people write into mails: whatever it is, no attribute is reached and nothing leaks.

Each text is checked, framed and filled in as a mail of a campaign is. It is refused in words of
ours, or comes out with nothing in it that it was not given.
"""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.letters import NAMES, framed
from campaigns.paths import Words
from churnapp.common.errors import RuleError
from customers.mail.rendering import (
    LONGEST,
    check_placeholders,
    clean_html,
    fill,
    fill_html,
    fill_subject,
    pieces,
)

SECRET = "a-secret-of-the-server"
MOST_SECONDS = 0.05


class Guarded(str):
    """A value of which no attribute may be asked for by a template."""

    __slots__ = ()
    password = SECRET


VALUES = {
    "contact.name": Guarded("Kari"),
    "contact.first_name": Guarded("Kari"),
    "customer.name": Guarded("<b>Acme</b>"),
    "organisation.name": Guarded("Us"),
    "contact.email": Guarded("kari@example.com"),
}
ATTACKS = [
    "{{ contact.name.password }}", "{{ contact.__class__.__mro__ }}", "{{ settings.SECRET_KEY }}",
    "{% load static %}", "{% include 'x' %}", "{# note #}", "{{ 7*7 }}", "{{{{ contact.name }}}}",
    "{{ contact.name|safe }}", "{{ contact.name|default:contact.password }}", "${7*7}", "#{7*7}",
    "<%= 7*7 %>", "{{ self }}", "{{ contact['name'] }}", "{{ contact.name }", "{contact.name}}",
    "{{contact.name|default:\"{{ contact.password }}\"}}", "%(contact.name)s", "{0.__class__}",
    "{{ contact.name|default:'x' }}", "{{ customer.name }}", "\x00", "\u202e", "{{\nname}}",
    "<script>alert(1)</script>", "[[link:go]]", "[[link:__class__]]", "\\{\\{", "%s%n%x",
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(alphabet="{}%|.:\"'_ abc\n", max_size=40),
    st.text(max_size=20),
    st.integers(1, 3_000).map(lambda count: "{" * count),
    st.integers(1, 3_000).map(lambda count: "{{" * count + "}}" * count),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


def rendered(text: str) -> list[str]:
    """A text in each way in which mails render it; [] where it is refused."""
    try:
        check_placeholders(text, NAMES)
        list(pieces(text, NAMES))
        mail = framed.__wrapped__(Words("Hello", text, "Look"), "offer", "Us", "en")
    except RuleError as error:
        return refused(str(error))
    whole = [fill(mail.text, VALUES), fill_html(mail.html, VALUES)]
    pasted = fill_html(clean_html(text), VALUES)
    return [fill(text, VALUES), fill_subject(text, VALUES), pasted, *whole]


def refused(words: str) -> list[str]:
    assert SECRET not in words
    return []


def judge(text: str) -> None:
    begun = time.process_time()
    written = rendered(text)
    assert time.process_time() - begun < MOST_SECONDS
    for said in written:
        assert SECRET not in said
        assert "__mro__" not in said or "__mro__" in text
    if written:
        for as_html in (written[2], written[4]):
            assert "<script" not in as_html
            assert "<b>Acme</b>" not in as_html


@given(TEXTS)
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_template_reaches_anything(text):
    judge(text)


@pytest.mark.long
@given(TEXTS)
@settings(max_examples=50_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_template_of_fifty_thousand_reaches_anything(text):
    judge(text)


@pytest.mark.parametrize("piece", ["{", "{{", "{{ contact.name }}", "{{x", "}}", "{{{{}}}}", "a"])
def test_a_megabyte_is_refused_at_once(piece):
    text = piece * (1_000_000 // len(piece))
    assert len(text) > LONGEST
    begun = time.process_time()
    with pytest.raises(RuleError, match="at most"):
        check_placeholders(text, NAMES)
    assert time.process_time() - begun < MOST_SECONDS


@pytest.mark.parametrize("piece", ["{", "{{", "{{x", "}}", "{{{{}}}}", '{{ contact.name|default:"'])
def test_the_longest_text_takes_no_longer(piece):
    judge(piece * (LONGEST // len(piece)))
