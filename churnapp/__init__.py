"""What holds the product together: settings, URLs, users and roles, tasks."""

from churnapp.celery import app as celery_app

__all__ = ["celery_app"]
