"""What the user writes about a conversation: a reply to one of our letters → what it says. Pure.

    rows of the mail | runs: the user's, the letter's | commands, answers, ticks | reflections

The words are never altered: what goes is the letter's own text, what a mail program adds, and the
user's signature.
"""

from inboxbot.core.reflect.asked import Asked, Cues, Prompted, names
from inboxbot.core.reflect.letter import with_both_parts
from inboxbot.core.reflect.orders import Command, Order
from inboxbot.core.reflect.reply import Reply, parse_reply
from inboxbot.core.reflect.values import (
    OtherReason,
    Question,
    Reflection,
    anchor_of,
    reflected,
    reflections_in,
)

__all__ = [
    "Asked", "Command", "Cues", "Order", "OtherReason", "Prompted", "Question", "Reflection",
    "Reply", "anchor_of", "names", "parse_reply", "reflected", "reflections_in", "with_both_parts",
]  # fmt: skip
