"""Which conversation a mail belongs to."""

from collections.abc import Iterable, Mapping, Sequence

from tests.servers.gmail.mail import Mail

Threads = Mapping[str, Sequence[Mail]]


def belongs(mail: Mail, thread: Iterable[Mail]) -> bool:
    """Tell whether a mail answers a message of the thread under the same subject."""
    members = list(thread)
    named = any(member.message_id in mail.answered for member in members)
    return named and any(member.subject == mail.subject for member in members)


def thread_of_asked(mail: Mail, thread_id: str, threads: Threads) -> str | None:
    """Return the thread asked for by the API, where the mail belongs; None: one of its own.

    The API's reference, at `Message.threadId`: the id must be given, References and In-Reply-To
    must be set, and the subjects must match. Nothing joins without the id.
    """
    return thread_id if belongs(mail, threads[thread_id]) else None


def thread_of_delivered(mail: Mail, threads: Threads) -> str | None:
    """Return the newest thread that a mail from outside answers; None means one of its own."""
    answered = (thread_id for thread_id in sorted(threads) if belongs(mail, threads[thread_id]))
    return max(answered, default=None)
