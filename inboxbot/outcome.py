"""What becomes of a mail → words for the terminal, a mail a line of 79 columns at most."""

from collections.abc import Mapping

from inboxbot.core.plan import Decision, Reason
from inboxbot.core.text import for_terminal

_COLUMNS = 79
_DONE = 31
_LEFT_ALONE: Mapping[str, str] = {
    Reason.BELOW_THRESHOLD: "left alone: too unsure",
    Reason.UNREACHABLE: "nobody to ask",
    Reason.REPLY_TO_MISMATCH: "held: its reply goes elsewhere",
    Reason.FEEDBACK_REFUSED: "they give no feedback",
    Reason.OFFERED_ELSEWHERE: "they offer feedback by a form",
    Reason.INSTANT: "left alone: an instant no",
    Reason.TOO_OLD: "left alone: too long ago",
    Reason.ASKED_RECENTLY: "asked not long ago",
    Reason.DAILY_CAP: "later: enough for today",
    Reason.USER_REPLIED: "you have answered yourself",
    Reason.REOPENED: "they wrote again",
    Reason.NEVER_ASK: "never asked, as you wish",
    Reason.PAUSED: "later: inboxbot is paused",
    Reason.DUPLICATE: "the same no once more",
}


def outcome(decision: str, reason: str | None, to: str | None) -> str:
    """Return what is done about a mail, in words; `decision` may also be "later"."""
    match decision:
        case Decision.DRAFT:
            return f"asks {to}"
        case Decision.THANKS:
            return f"thanks {to}"
        case Decision.REVIEW:
            return "asks you, in the summary"
        case _:
            why = reason or decision
            return _LEFT_ALONE.get(why, why.replace("_", " "))


def line(name: str, role: str | None, done: str, *, day: str = "") -> str:
    """Return a mail as a line: the day, if given, whose and for which role, what is done."""
    before = f"{day}  " if day else ""
    what = for_terminal(": ".join(filter(None, (name, role))))
    width = _COLUMNS - len(before) - 2 - _DONE
    return f"{before}{_cut(what, width):{width}}  {_cut(for_terminal(done), _DONE)}"


def count(number: int, what: str) -> str:
    """Return so many of something, in words."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _cut(text: str, columns: int) -> str:
    return text if len(text) <= columns else f"{text[: columns - 1]}…"
