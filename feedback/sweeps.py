"""Doorbells of what services do later; those that services themselves ring are in `tasks`."""

from celery import shared_task
from django.utils import timezone

from feedback.services import left_answers


@shared_task
def take_in_left() -> None:
    """Runs each ten minutes, also twice at once: sends in what people began and left whole."""
    left_answers.take_in(timezone.now())
