"""The search is over: one last summary of all of it, then nothing more until `resume`."""

from inboxbot.core.identity import farewell_key
from inboxbot.core.plan import DeliverMail
from inboxbot.core.search import search_of
from inboxbot.daemon.apply import apply
from inboxbot.daemon.context import Context
from inboxbot.daemon.pause import hired_at
from inboxbot.daemon.replies import name_of
from inboxbot.daemon.weekly import delivered


def deliver_farewell(context: Context) -> bool:
    """Deliver the last summary where the search is over, once; tell whether it was now.

    Its key is the moment that was noted, so that one which was interrupted is not written twice.
    """
    hired = hired_at(context.journal, context.account)
    if hired is None:
        return False
    key = farewell_key(context.owner, hired)
    if delivered(key, context):
        return False
    from inboxbot.letters import render  # noqa: PLC0415  (jinja2: once is enough)

    search = search_of(
        tuple(context.journal.events(context.account)), context.journal.history(context.account),
        account=context.account, zone=context.zone, now=context.clock(),
        drafts_folder=context.mailbox.folders().drafts or "",
    )  # fmt: skip
    name = name_of(key, context.journal, context.account)
    mail = render(search, context.owner, name, context.summary.language, context.clock())
    about = {"kind": "farewell", "prompts": [], "questions": [], "exercise": ""}
    apply((DeliverMail(key=key, data=mail, occasion=key, about=about),), context)
    return True
