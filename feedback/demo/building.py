"""From the story to rows: who was asked, what came back, and what the timeline tells of it."""

from customers.demo.company import Company
from feedback.demo.judging import judge
from feedback.demo.loading import load
from feedback.demo.occasions import asks
from feedback.demo.replies import Post
from feedback.demo.setting import stand


def build(company: Company) -> None:
    """Surveys, invitations, mails, answers and themes for a company that is loaded."""
    replies = list(Post(company.world).deliver(asks(company)))
    load(company, stand(company.world), replies)
    judge(company.world)
