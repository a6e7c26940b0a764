"""How the API says no: one shape for every error."""

from typing import Any

from rest_framework import exceptions, views
from rest_framework.response import Response

from churnapp.common.errors import RuleError


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answer, with the domain's RuleError as a 400 that names the field."""
    if isinstance(error, RuleError):
        field = error.field or "non_field_errors"
        error = exceptions.ValidationError({field: [str(error)]})
    return views.exception_handler(error, context)
