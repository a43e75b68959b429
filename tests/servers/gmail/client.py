"""Google's own client library, as it is installed, talking to the stand-in."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httplib2
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build

from tests.servers.gmail.oauth import SCOPE, OAuth


class ToStandIn(httplib2.Http):
    """Takes calls to googleapis.com to the stand-in: plain ones, uploads, batches and tokens.

    `client_options.api_endpoint` leads plain calls alone there: the library sends uploads to
    https, and batches to the host of the discovery document.
    """

    def __init__(self, url: str, timeout_seconds: float) -> None:
        super().__init__(timeout=timeout_seconds)
        self._stand_in = urlsplit(url)

    def request(self, uri: str, *args: Any, **kwargs: Any) -> tuple[httplib2.Response, bytes]:
        """Ask the stand-in. Raise for a host that is neither Google's nor the stand-in's."""
        asked = urlsplit(uri)
        host = asked.hostname or ""
        if host != self._stand_in.hostname and not host.endswith(".googleapis.com"):
            raise AssertionError(f"a request to {host}")
        here = (self._stand_in.scheme, self._stand_in.netloc)
        answered: tuple[httplib2.Response, bytes] = super().request(
            urlunsplit((*here, asked.path, asked.query, "")), *args, **kwargs
        )
        return answered


def credentials(oauth: OAuth, token_url: str, token: str) -> Credentials:
    """Return credentials that renew themselves at the stand-in."""
    return Credentials(  # type: ignore[no-untyped-call]
        token,
        refresh_token=next(iter(oauth.refresh_tokens), None),
        token_uri=token_url,
        client_id=oauth.client_id,
        client_secret=oauth.client_secret,
        scopes=[SCOPE],
    )


def service(held: Credentials, http: httplib2.Http) -> Any:
    """Build the service from the document that ships in the library."""
    authorized = AuthorizedHttp(held, http=http)
    return build("gmail", "v1", static_discovery=True, http=authorized)
