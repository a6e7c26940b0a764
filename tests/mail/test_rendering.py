"""What people write becomes a mail: harmless, filled in, in the reader's language."""

import pytest

from churnapp.common.errors import RuleError
from customers.mail.rendering import (
    Button,
    Footer,
    check_placeholders,
    clean_html,
    compile_mjml,
    fill,
    fill_html,
    fill_subject,
    frame,
    frame_text,
    html_of,
)

FOOTER = Footer("You were a customer.", "Acme & Sons", privacy_address="https://acme.example/p")
BUTTON = Button("Answer", "survey")
GREETING = 'Hi {{ contact.first_name|default:"there" }}'


@pytest.mark.parametrize(
    "text,name,filled",
    [
        (GREETING, "Ada", "Hi Ada"),
        (GREETING, "", "Hi there"),
        ("Hi {{contact.first_name}}", "", "Hi "),
        ("Hi {{ contact.first_name | default: 'you' }}", "", "Hi you"),
    ],
)
def test_a_placeholder_stands_for_its_value_or_default(text, name, filled):
    assert fill(text, {"contact.first_name": name}) == filled


@pytest.mark.parametrize(
    "text", ["{{ contact.password }}", "{{ contact.name|upper }}", "{{}}", "{{ 1 + 1 }}"]
)
def test_an_unknown_placeholder_is_refused_and_the_known_ones_named(text):
    with pytest.raises(RuleError, match=r"contact\.first_name") as refused:
        check_placeholders(text, field="body")
    assert refused.value.field == "body"


def test_values_bring_no_tags_no_placeholders_and_no_lines_along():
    values = {"contact.name": '<img src="x">\r\nBcc: x@y.example {{ contact.email }}'}
    assert "<img" not in fill_html("{{ contact.name }}", values)
    assert "{{ contact.email }}" in fill("{{ contact.name }}", values)
    assert "\n" not in fill_subject("{{ contact.name }}", values)


def test_a_frame_holds_body_button_and_footer():
    made = frame("Leaving?", html_of(GREETING + "\nwhy?\n\nBye <b>"), BUTTON, FOOTER)
    for part in ("Acme &amp; Sons", "[[link:survey]]", "[[link:unsubscribe]]", "acme.example/p"):
        assert part in made
    assert "Hi Ada" in fill_html(made, {"contact.first_name": "Ada"})
    assert "Hi there" in fill_html(made, {})
    assert "&lt;b&gt;" in made
    assert "http://fonts" not in made
    assert "https://fonts" not in made


def test_the_text_part_says_the_same():
    made = frame_text(GREETING, BUTTON, FOOTER)
    assert made.startswith(GREETING)
    for part in ("[[link:survey]]", "Unsubscribe: [[link:unsubscribe]]", "You were a customer."):
        assert part in made


@pytest.mark.parametrize(
    "language,word",
    [("en", "Unsubscribe"), ("nb", "Meld deg av"), ("da", "Afmeld"), ("sv", "Avregistrera")],
)
def test_the_footer_speaks_the_readers_language(language, word):
    footer = Footer("x", "Acme", language=language)
    assert word in frame_text("x", None, footer)
    assert word in frame("x", "x", None, footer)
    assert f'lang="{language}"' in frame("x", "x", None, footer)


def test_a_mail_that_cannot_be_unsubscribed_has_no_link_for_it():
    footer = Footer("x", "Acme", unsubscribable=False)
    assert "unsubscribe" not in frame("x", "x", None, footer) + frame_text("x", None, footer)


@pytest.mark.parametrize(
    "pasted,kept",
    [
        ("<p onclick=x()>Hi<script>x()</script></p>", "<p>Hi</p>"),
        ('<a href="javascript:x()">y</a>', '<a rel="noopener">y</a>'),
        ("</mj-text><mj-include path='/etc/passwd' />", ""),
        ("100 %", "100 %"),
    ],
)
def test_pasted_html_is_made_harmless(pasted, kept):
    assert clean_html(pasted) == kept
    assert frame("50 %", pasted, None, FOOTER)


def test_broken_mjml_is_refused():
    with pytest.raises(RuleError):
        compile_mjml("<mjml><mj-body>")
