"""What is said of a call that failed is what holds."""

from churnapp.common import egress
from feedback.models import WebhookDelivery
from feedback.webhooks.sentences import result_words


def test_how_long_an_answer_is_waited_for():
    delivery = WebhookDelivery(error="too_slow")
    assert result_words(delivery) == f"no answer within {egress.LONGEST:g} seconds"


def test_an_error_that_has_no_words_stands_as_it_is():
    assert result_words(WebhookDelivery(error="odd %")) == "odd %"
