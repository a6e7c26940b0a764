"""Does the web server in this container answer? For Docker: `python -P churnapp/healthcheck.py`.

Asks `/healthz` as the proxy in front would. Needs the standard library alone.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def answers(url: str, port: int) -> bool:
    """Whether the server on `port` of this machine answers for `url` without an error."""
    headers = {"Host": urlsplit(url).netloc, "X-Forwarded-Proto": urlsplit(url).scheme}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers=headers)
        return connection.getresponse().status < http.client.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not answers(os.environ.get("CHURNAPP_URL", "http://localhost:8000"), 8000))
