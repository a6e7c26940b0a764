"""A request with an `Idempotency-Key` is carried out once: sent again, it gets the same answer."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from churnapp.models import RememberedAnswer, User

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT = timedelta(days=30)

# How the schema tells of the header.
PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="Your own name of this request: sent again, it gets the same answer.",
)
OTHERWISE = OpenApiResponse(description="The key came with another request before.")

CLAIM = """
INSERT INTO churnapp_rememberedanswer (owner_id, key, request_sha256, status, answer, created_at)
VALUES (%s, %s, %s, 0, 'null', now())
ON CONFLICT (owner_id, key) DO NOTHING
"""


class KeyUsedOtherwise(APIException):
    """The key came with another request before."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            _("This Idempotency-Key came with another request before. Send a new one.")
        )


def answer_once(request: Request, owner: User, work: Callable[[], Response]) -> Response:
    """Do `work` in one transaction and remember its answer; a repeated request gets that answer.

    Two at once: the second waits for the first. Work that fails is forgotten, so that it can be
    sent again under the same key. Raises KeyUsedOtherwise for another request under the key.
    """
    key, digest = given_key(request), digest_of(request)
    with transaction.atomic():
        if not claim(owner, key, digest):
            return remembered(RememberedAnswer.objects.get(owner=owner, key=key), digest)
        response = work()
        RememberedAnswer.objects.filter(owner=owner, key=key).update(
            status=response.status_code, answer=response.data
        )
        forget_old(owner)
    return response


def claim(owner: User, key: str, digest: str) -> bool:
    """Whether the key is new. Waits for whoever is at work under it."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [owner.pk, key, digest])
        return cursor.rowcount == 1


def given_key(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    if not key or len(key) > LONGEST or not key.isprintable():
        raise ValidationError(
            {HEADER: [_("Send a key of your own, of at most 255 characters, for each request.")]}
        )
    return key


def digest_of(request: Request) -> str:
    """Of what is asked: the same JSON gives the same digest, however it is spaced."""
    body = json.dumps(request.data, sort_keys=True, default=str)
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()


def remembered(row: RememberedAnswer, digest: str) -> Response:
    if row.request_sha256 != digest:
        raise KeyUsedOtherwise
    return Response(row.answer, status=row.status)


def forget_old(owner: User) -> None:
    old = RememberedAnswer.objects.filter(owner=owner, created_at__lt=timezone.now() - KEPT)
    old.delete()
