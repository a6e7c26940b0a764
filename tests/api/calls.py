"""Calling the API as another program or as a page does."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.test import Client

from churnapp.api_keys import READ, WRITE, make_key
from churnapp.models import User

Json = Any
ROOT = "/api/v1/"


class Caller:
    """Calls with an API key of a user, or with nothing."""

    def __init__(self, user: User | None = None, scopes: Iterable[str] = (READ, WRITE)) -> None:
        self.client = Client()
        key = make_key(user, "test", list(scopes)) if user else None
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str, **query: object) -> HttpResponse:
        return self.client.get(ROOT + path, query, headers=self.headers)

    def post(self, path: str, body: Json = None, **headers: str) -> HttpResponse:
        return self.send("post", path, body, headers)

    def patch(self, path: str, body: Json) -> HttpResponse:
        return self.send("patch", path, body, {})

    def send(self, method: str, path: str, body: Json, headers: dict[str, str]) -> HttpResponse:
        return getattr(self.client, method)(
            ROOT + path,
            json.dumps({} if body is None else body),
            content_type="application/json",
            headers=self.headers | {name.replace("_", "-"): text for name, text in headers.items()},
        )


def found(response: HttpResponse, status: int = 200) -> Json:
    """The answer's JSON, with the status as expected."""
    assert response.status_code == status, response.content
    return response.json()


def ids(response: HttpResponse) -> list[int]:
    return [row["id"] for row in found(response)["results"]]
