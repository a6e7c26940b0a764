"""Doorbells of what services do later; those that services themselves ring are in `tasks`."""

from celery import shared_task
from django.utils import timezone

from feedback.services import answering, left_answers


@shared_task
def take_in_left() -> None:
    """Runs each ten minutes, also twice at once: sends in what people began and left whole."""
    left_answers.take_in(timezone.now())


@shared_task
def set_aside_links(tokens: list[str]) -> None:
    """Too many private links were answered from one address within a minute; twice is once."""
    answering.set_aside_links(tokens)
