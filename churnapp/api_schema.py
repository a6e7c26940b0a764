"""How the API describes itself: keys, what a request may hold, how it says no; its docs page."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

Schema = dict[str, Any]

METHODS = {"get", "post", "patch", "delete"}
ERRORS = {
    "400": "Something in the request is not as it should be; each field's name leads to why.",
    "401": "No key and no session, or one that is unknown, expired or revoked.",
    "403": "The role, or the key's scope, does not allow this.",
    "404": "There is no such thing, or it is not for you to see.",
    "429": "Too many requests of this key; `Retry-After` says for how long to wait.",
}


class SchemaView(SpectacularAPIView):
    """The OpenAPI schema, for anyone: it holds no data."""

    throttle_classes = ()


class DocsView(SpectacularSwaggerSplitView):
    """The schema to read and to try out; its script comes from an address of its own."""

    template_name = "api/docs.html"
    url_name = "schema"
    url_self_request = None
    throttle_classes = ()


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """Names the API key, so that a reader of the schema knows what to send."""

    target_class = "churnapp.api_keys.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> Schema:  # noqa: ARG002
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key, `prefix.secret`, as it was shown when it was made.",
        }


def refuse_unknown_fields(result: Schema, **_context: Any) -> Schema:
    """Requests hold the fields that are named and no others, except where any key is a value."""
    for name, component in result.get("components", {}).get("schemas", {}).items():
        if name.endswith("Request") and component.get("type") == "object":
            component.setdefault("additionalProperties", False)
    return result


def add_errors(result: Schema, **_context: Any) -> Schema:
    """Every operation may also say no."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Error"] = {
        "type": "object",
        "description": "`detail`, or the names of fields with what is wrong with them.",
        "additionalProperties": {},
    }
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                _add_errors(path, operation)
    return result


def _add_errors(path: str, operation: Schema) -> None:
    for status, words in ERRORS.items():
        if status == "404" and "{" not in path and "cursor" not in str(operation):
            continue
        operation["responses"].setdefault(status, _error(words))


def _error(words: str) -> Schema:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": words, "content": {"application/json": {"schema": schema}}}
