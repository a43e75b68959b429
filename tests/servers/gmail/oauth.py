"""POST /token → an access token, or `invalid_grant`; and which bearer tokens are good."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from tests.servers.gmail.wire import Answer, Refused, Request

PATH = "/token"
SCOPE = "https://www.googleapis.com/auth/gmail.modify"
_LIFETIME = timedelta(seconds=3599)


@dataclass
class OAuth:
    """The authorisation server, as far as a refresh token goes (RFC 6749 §6)."""

    clock: Callable[[], datetime]
    client_id: str = "stand-in.apps.googleusercontent.com"
    client_secret: str = "not-a-secret"
    refresh_tokens: set[str] = field(default_factory=lambda: {"1//stand-in-refresh"})
    access_tokens: dict[str, datetime] = field(default_factory=dict)  # token → its end
    issued: int = 0

    def issue(self) -> str:
        """Make an access token, good for an hour by the clock."""
        self.issued += 1
        token = f"ya29.stand-in-{self.issued}"
        self.access_tokens[token] = self.clock() + _LIFETIME
        return token

    def expire(self) -> None:
        """Let every access token end; the refresh token stays good."""
        self.access_tokens.clear()

    def revoke(self) -> None:
        """Let every token end: the grant is withdrawn, or a test project's seven days are over."""
        self.refresh_tokens.clear()
        self.expire()

    def check(self, request: Request) -> None:
        """Raise where a request does not bear a good token."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        end = self.access_tokens.get(token)
        if kind != "Bearer" or end is None or end <= self.clock():
            raise Refused(
                status=401,
                reason="authError",
                message="Request had invalid authentication credentials. Expected OAuth 2 access "
                "token, login cookie or other valid authentication credential.",
            )

    def answer(self, request: Request) -> Answer:
        """Answer a request for a token."""
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        secrets = (form.get("client_id"), form.get("client_secret"))
        if secrets != (self.client_id, self.client_secret):
            return refusal("invalid_client", "The OAuth client was not found.", 401)
        if form.get("grant_type") != "refresh_token":
            return refusal("unsupported_grant_type", "Invalid grant_type: stand-in")
        if form.get("refresh_token") not in self.refresh_tokens:
            return refusal("invalid_grant", "Token has been expired or revoked.")
        granted = {"access_token": self.issue(), "expires_in": 3599, "scope": SCOPE}
        return Answer.json({**granted, "token_type": "Bearer"})


def refusal(error: str, description: str, status: int = 400) -> Answer:
    """Write an error as RFC 6749 §5.2 does."""
    return Answer.json({"error": error, "error_description": description}, status)
