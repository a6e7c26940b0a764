"""How often one address may try private links that open nothing, and how many it may answer.

Addresses are counted under a hash for a minute and kept nowhere. Open when Redis is away: a token
can't be guessed anyway; the limit spares the database.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis import Redis
from redis.exceptions import RedisError

WINDOW = 60
MOST_MISSES = 30
MOST_ANSWERS = 30  # through open links; a room full of people may share an address
# One step on the server each; a window begins with what is counted first.
COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""
REMEMBER = """
local added = redis.call('SADD', KEYS[1], ARGV[2])
local count = redis.call('SCARD', KEYS[1])
if added == 1 and count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""
READ = "return redis.call('GET', KEYS[1])"
MEMBERS = "return redis.call('SMEMBERS', KEYS[1])"
_redis = Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def tries_too_often(request: HttpRequest) -> bool:
    """Whether this address has used up its misses of the minute: then nothing is looked up."""
    return int(_asked(READ, _key("misses", request)) or 0) >= MOST_MISSES


def is_a_miss_too_many(request: HttpRequest) -> bool:
    """Count a link that opened nothing; True where it is past what one address may try.

    Counted and judged in one step, so that many at once get no further than one after the other.
    """
    return int(_asked(COUNT, _key("misses", request), WINDOW) or 0) > MOST_MISSES


def answers_too_often(request: HttpRequest) -> bool:
    """Count an answer through an open link; True where it is past what one address may send."""
    return int(_asked(COUNT, _key("answers", request), WINDOW) or 0) > MOST_ANSWERS


def links_lately(request: HttpRequest, link: str) -> int:
    """How many private links this address has answered within the minute, this one among them."""
    return int(_asked(REMEMBER, _key("links", request), WINDOW, link) or 1)


def links_of_the_minute(request: HttpRequest) -> list[str]:
    """Which private links this address has answered within the minute."""
    return [link.decode() for link in _asked(MEMBERS, _key("links", request)) or ()]


def _asked(script: str, key: str, *arguments: Any) -> Any:
    try:
        return _redis.eval(script, 1, key, *arguments)
    except (RedisError, OSError):
        return None


def _key(what: str, request: HttpRequest) -> str:
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # a server on a socket names none
        address = ""
    hashed = salted_hmac("feedback.limits", address, algorithm="sha256").hexdigest()[:32]
    return f"churnapp:survey:{what}:{hashed}"
