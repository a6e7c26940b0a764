"""What every template may use."""

from django.http import HttpRequest


def appearance(request: HttpRequest) -> dict[str, object]:
    """The theme that the reader chose; `auto` follows the device."""
    theme = request.COOKIES.get("theme", "auto")
    return {"theme": theme if theme in {"light", "dark"} else "auto"}
