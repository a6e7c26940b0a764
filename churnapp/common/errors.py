"""The one exception of the domain."""

from django.utils.functional import Promise


class RuleError(Exception):
    """A rule of the domain says no: `message` tells a person why, and what to do instead.

    `field` names the form or API field it belongs to; None is the whole form.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
