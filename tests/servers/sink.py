"""SMTP → a list: where mail ends that a client under test sends; inboxbot itself cannot send."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.process import LOOPBACK, free_ports
from tests.servers.wait import wait_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A message as it came over SMTP, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class Sink:
    """An SMTP server on loopback that accepts everything and delivers nothing."""

    def __init__(self) -> None:
        self.host = LOOPBACK
        (self.port,) = free_ports(1)
        self.accepted: list[Accepted] = []
        self._controller = Controller(self, hostname=self.host, port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()

    def wait_for_message(self, *, sender: str, seconds: float = 10) -> Accepted:
        """Return the first message accepted from a sender, whenever it comes within the seconds."""
        return wait_for(
            lambda: next((one for one in list(self.accepted) if one.sender == sender), None),
            seconds=seconds,
            what=f"a message from {sender}",
        )

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd looks the handler up by this name
        """Keep the message, and tell the client that it is accepted."""
        del server, session
        content = envelope.original_content or b""
        recipients = tuple(envelope.rcpt_tos)
        self.accepted.append(
            Accepted(sender=envelope.mail_from or "", recipients=recipients, content=content)
        )
        return "250 2.0.0 accepted"
