"""How often another program may call: so many requests a minute for each API key."""

import time
from typing import Any

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from churnapp.models import ApiKey

WINDOW = 60
# One step on the server: count, and let the count end with its window.
COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""
_redis = Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


class KeyRate(BaseThrottle):
    """Counts requests of API keys by the minute; people who are signed in are not counted.

    Open when Redis is away: a limit protects, it must not close.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        window = int(time.time()) // WINDOW
        try:
            count = _redis.eval(COUNT, 1, f"churnapp:api:{request.auth.pk}:{window}", WINDOW)
        except (RedisError, OSError):
            return True
        return int(count) <= settings.API_REQUESTS_A_MINUTE

    def wait(self) -> float:
        """Seconds until the next minute begins: what `Retry-After` says."""
        return WINDOW - time.time() % WINDOW
