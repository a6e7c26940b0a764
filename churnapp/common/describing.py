"""Django's description of a model."""

from django.db import models
from django.db.models.options import Options


def options(model: type[models.Model]) -> Options:
    """Fields, names and table of a model."""
    return model._meta  # noqa: SLF001  the documented way in, whatever its name


def field_words(model: type[models.Model], name: str) -> str:
    """What people call a field."""
    return str(getattr(options(model).get_field(name), "verbose_name", name))
