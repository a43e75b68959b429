"""Google's and Microsoft's authorisation and token servers on loopback, and a browser.

with Google() as google:
    client = GoogleClient.read(google.client_file(folder))
    authorise_google(client, "alice@test.example", scopes=…, open_browser=Browser().open)
with Microsoft(folder) as microsoft:            # TLS; SSL_CERT_FILE = microsoft.ca_file
    authorise_microsoft("id", "alice@test.example", show=microsoft.signs_in("alice@…"), …)

They check what they are sent as RFC 6749, 7636 and 8628 have it, and remember all of it.
"""

import base64
import hashlib
import json
import re
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.servers.certificate import make_certificate

HOUR = 3599


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: where to, and its query or form."""

    method: str
    path: str
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: a status, and a body or a place to go to."""

    status: int
    body: bytes = b""
    location: str = ""

    @classmethod
    def json(cls, value: Mapping[str, object], status: int = 200) -> Self:
        """Write a value."""
        return cls(status, json.dumps(value).encode())

    @classmethod
    def error(cls, error: str, description: str = "", status: int = 400, **more: object) -> Self:
        """Write an error as RFC 6749 §5.2 does."""
        return cls.json({"error": error, "error_description": description, **more}, status)


class Hang:
    """No answer, as long as the server runs."""


class Server:
    """An HTTP server on a port of its own; what it answers is its child's business."""

    def __init__(self, tls_folder: Path | None = None) -> None:
        self.asked: list[Asked] = []
        self.instead: list[Answer | Hang] = []  # of what the token endpoint would say, in turn
        self._stopping = Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = False  # they are waited for
        scheme = "http"
        if tls_folder is not None:
            scheme = "https"
            self.ca_file, key = make_certificate(tls_folder)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.ca_file, key)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, asked: Asked) -> Answer | Hang:
        """Answer a request."""
        raise NotImplementedError

    def hear(self, asked: Asked) -> Answer | None:
        """Remember a request and answer it; None where the connection is to end without."""
        self.asked.append(asked)
        answer = self.answer(asked)
        if isinstance(answer, Hang):
            self._stopping.wait()
            return None
        return answer

    def tokens_asked(self) -> list[Asked]:
        """Return the requests for a token."""
        return [asked for asked in self.asked if asked.path.endswith("/token")]


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode() if length else parts.query
            form = dict(parse_qsl(text, keep_blank_values=True))
            answer = server.hear(Asked(self.command, parts.path, form))
            if answer is not None:
                self._write(answer)

        do_GET = do_POST = _do  # noqa: N815 -- looked up by these names

        def _write(self, answer: Answer) -> None:
            self.send_response(answer.status)
            if answer.location:
                self.send_header("Location", answer.location)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            """What is asked is kept elsewhere."""

    return Handler


def _id_token(claims: Mapping[str, object]) -> str:
    """Write an ID token whose signature nobody checks: it comes from the token endpoint itself."""
    parts = ({"alg": "RS256", "typ": "JWT"}, {"iat": int(time.time()), **claims})
    encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
    return b".".join([*encoded, b"c2lnbmF0dXJl"]).decode()


# ---------------------------------------------------------------- Google


@dataclass(slots=True)
class _Code:
    address: str
    scope: str
    redirect_uri: str
    challenge: str
    ends: float


class Google(Server):
    """Google's consent page and token endpoint, for one client and whoever is signed in."""

    def __init__(self, signed_in: str = "alice@test.example") -> None:
        super().__init__()
        self.signed_in = signed_in
        self.allows = True
        self.ticked: str | None = None  # the scopes that the user leaves ticked; None: all
        self.lasting = True  # whether a refresh token is given
        self.rotates = False
        self.code_seconds = 60.0
        self.testing_seconds: int | None = None  # how long a permission lasts, where it is told
        self.client_id = "123-canary.apps.googleusercontent.com"
        self.client_secret = "GOCSPX-canary-client"
        self.mint: Callable[[str], str] = lambda _: f"ya29.canary-{secrets.token_hex(8)}"
        self.refresh_tokens: dict[str, str] = {}  # token → address
        self._codes: dict[str, _Code] = {}

    def client_file(self, folder: Path, kind: str = "installed", **changes: str) -> Path:
        """Write the JSON file that Google's console would give."""
        client = {
            "client_id": self.client_id,
            "project_id": "inboxbot",
            "auth_uri": f"{self.url}/o/oauth2/auth",
            "token_uri": f"{self.url}/token",
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "client_secret": self.client_secret,
            "redirect_uris": ["http://localhost"],
        }
        path = folder / "client.json"
        path.write_text(json.dumps({kind: {**client, **changes}}))
        return path

    def grant(self, address: str) -> str:
        """Return a refresh token, as one who agreed earlier has it."""
        token = f"1//canary-refresh-{secrets.token_hex(8)}"
        self.refresh_tokens[token] = address
        return token

    def answer(self, asked: Asked) -> Answer | Hang:
        """Answer a browser or a program."""
        if asked.path == "/o/oauth2/auth":
            return self._consent(asked.form)
        if asked.path == "/token":
            return self.instead.pop(0) if self.instead else self._token(asked.form)
        return Answer(404)

    def _consent(self, form: Mapping[str, str]) -> Answer:
        wanted = {"response_type": "code", "code_challenge_method": "S256",
                  "access_type": "offline", "client_id": self.client_id}  # fmt: skip
        wrong = [name for name, value in wanted.items() if form.get(name) != value]
        if not re.fullmatch(r"http://127\.0\.0\.1:\d+/", form.get("redirect_uri", "")):
            wrong.append("redirect_uri")
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", form.get("code_challenge", "")):
            wrong.append("code_challenge")
        if wrong or not form.get("state"):
            return Answer(400, f"wrong: {wrong}".encode())
        back = {"state": form["state"]}
        if self.allows:
            back["code"] = self._code(form)
        else:
            back["error"] = "access_denied"
        return Answer(302, location=f"{form['redirect_uri']}?{urlencode(back)}")

    def _code(self, form: Mapping[str, str]) -> str:
        code = f"4/canary-code-{secrets.token_hex(8)}"
        self._codes[code] = _Code(
            self.signed_in, form["scope"] if self.ticked is None else self.ticked,
            form["redirect_uri"], form["code_challenge"], time.monotonic() + self.code_seconds,
        )  # fmt: skip
        return code

    def _token(self, form: Mapping[str, str]) -> Answer:
        if (form.get("client_id"), form.get("client_secret")) != (
            self.client_id,
            self.client_secret,
        ):
            return Answer.error("invalid_client", "The OAuth client was not found.", 401)
        match form.get("grant_type"):
            case "authorization_code":
                return self._redeem(form)
            case "refresh_token":
                return self._refresh(form)
            case _:
                return Answer.error("unsupported_grant_type")

    def _redeem(self, form: Mapping[str, str]) -> Answer:
        code = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if code is None or code.ends <= time.monotonic():
            return Answer.error("invalid_grant", "Malformed auth code.")
        if (code.redirect_uri, code.challenge) != (form.get("redirect_uri"), challenge):
            return Answer.error("invalid_grant", "Bad Request")
        claims = {"iss": "https://accounts.google.com", "aud": self.client_id,
                  "email": code.address, "email_verified": True}  # fmt: skip
        given: dict[str, object] = {"id_token": _id_token(claims), "scope": code.scope}
        if self.lasting:
            given["refresh_token"] = self.grant(code.address)
        if self.testing_seconds is not None:
            given["refresh_token_expires_in"] = self.testing_seconds
        return Answer.json({**self._access(code.address), **given})

    def _refresh(self, form: Mapping[str, str]) -> Answer:
        address = self.refresh_tokens.get(form.get("refresh_token", ""))
        if address is None:
            return Answer.error("invalid_grant", "Token has been expired or revoked.")
        more = {"refresh_token": self.grant(address)} if self.rotates else {}
        return Answer.json({**self._access(address), **more})

    def _access(self, address: str) -> dict[str, object]:
        return {"access_token": self.mint(address), "expires_in": HOUR, "token_type": "Bearer"}


@dataclass
class Browser:
    """Follows redirects as a browser does; `on_the_way` may change where it goes back to."""

    on_the_way: Callable[[str], str] = str
    pages: list[tuple[int, str]] = field(default_factory=list)
    way: list[str] = field(default_factory=list)

    def open(self, url: str) -> None:
        """Go to a page, and wherever it leads."""
        while url:
            self.way.append(url)
            url = self._step(url)
            url = self.on_the_way(url) if url else ""

    def _step(self, url: str) -> str:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc, timeout=5)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}")
            answer = connection.getresponse()
            self.pages.append((answer.status, answer.read().decode()))
            return answer.getheader("Location") or ""
        except (OSError, HTTPException) as error:
            self.pages.append((0, type(error).__name__))
            return ""
        finally:
            connection.close()


# ---------------------------------------------------------------- Microsoft


class Microsoft(Server):
    """Microsoft's device code and token endpoints, by TLS: msal takes nothing less."""

    def __init__(self, folder: Path) -> None:
        super().__init__(tls_folder=folder)
        self.client_id = "11111111-canary-client"
        self.device_seconds = 900
        self.mint: Callable[[str], str] = lambda _: f"EwB-canary-{secrets.token_hex(8)}"
        self.refresh_tokens: dict[str, str] = {}  # token → address
        self._devices: dict[str, str] = {}  # device code → user code
        self._said: dict[str, str] = {}  # user code → address, "" where it was declined

    @property
    def authority(self) -> str:
        """Return what takes the place of https://login.microsoftonline.com/common."""
        return f"{self.url}/common"

    def signs_in(self, address: str) -> Callable[[str], None]:
        """Return a user who reads what is shown, types the code and agrees; "" declines."""

        def read(text: str) -> None:
            (code,) = re.findall(r"\b[A-Z]{4}-[A-Z0-9]{4}\b", text)
            self._said[code] = address

        return read

    def answer(self, asked: Asked) -> Answer | Hang:
        """Answer a program."""
        match asked.path.removeprefix("/common"):
            case "/v2.0/.well-known/openid-configuration":
                return Answer.json(self._configuration())
            case "/oauth2/v2.0/devicecode":
                return self._device(asked.form)
            case "/oauth2/v2.0/token":
                return self.instead.pop(0) if self.instead else self._token(asked.form)
            case _:
                return Answer(404)

    def _configuration(self) -> dict[str, object]:
        place = f"{self.authority}/oauth2/v2.0"
        return {
            "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
            "authorization_endpoint": f"{place}/authorize",
            "token_endpoint": f"{place}/token",
            "device_authorization_endpoint": f"{place}/devicecode",
        }

    def _device(self, form: Mapping[str, str]) -> Answer:
        if form.get("client_id") != self.client_id:
            return Answer.error("unauthorized_client", "AADSTS700016: Application was not found.")
        device, user = secrets.token_urlsafe(16), f"CODE-{secrets.token_hex(2).upper()}"
        self._devices[device] = user
        return Answer.json(
            {
                "device_code": f"canary-{device}",
                "user_code": user,
                "verification_uri": "https://microsoft.com/devicelogin",
                "expires_in": self.device_seconds,
                "interval": 1,
                "message": "To sign in, use a web browser.",
            }
        )

    def _token(self, form: Mapping[str, str]) -> Answer:
        if form.get("grant_type") == "refresh_token":
            address = self.refresh_tokens.get(form.get("refresh_token", ""))
            if address is None:
                return Answer.error("invalid_grant", "AADSTS700082: The refresh token has expired.")
            return self._given(address, form["scope"])
        user = self._devices.get(form.get("device_code", "").removeprefix("canary-"))
        if user is None:
            return Answer.error("invalid_grant", "AADSTS70008: unknown code")
        if user not in self._said:
            return Answer.error("authorization_pending", "AADSTS70016: pending")
        if not (address := self._said[user]):
            return Answer.error("authorization_declined", "AADSTS70017: declined")
        return self._given(address, form.get("scope", ""))

    def _given(self, address: str, scope: str) -> Answer:
        token = f"0.canary-refresh-{secrets.token_hex(8)}"
        self.refresh_tokens[token] = address
        tenant = "9188040d-6c67-4c5b-b112-36a304b66dad"
        claims = {"iss": f"https://login.microsoftonline.com/{tenant}/v2.0",
                  "aud": self.client_id, "exp": int(time.time()) + HOUR, "sub": "sub",
                  "oid": "oid", "tid": tenant, "preferred_username": address}  # fmt: skip
        info = base64.urlsafe_b64encode(json.dumps({"uid": "oid", "utid": tenant}).encode())
        return Answer.json(
            {
                "token_type": "Bearer",
                "scope": scope,
                "expires_in": HOUR,
                "access_token": self.mint(address),
                "refresh_token": token,
                "id_token": _id_token(claims),
                "client_info": info.rstrip(b"=").decode(),
            }
        )
