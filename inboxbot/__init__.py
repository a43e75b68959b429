r"""inboxbot: rejections in a job seeker's mailbox → feedback requests that wait in Drafts.

How a mail flows, one direction, three beats each: gather, think, apply.

    poll     mailbox.slices, fetch | reader: parse, judge, facts | intake | decide, compose | apply
    follow   mailbox: Drafts, Sent, Trash              | core.follow                       | apply
    weekly   journal.events                | core.summary, insight, focus; letters         | apply
    replies  the user's answers to those letters       | core.reflect        | journal, corrections

    mailbox/   imap  gmail  maildir  mbox  memory      one kind of mailbox each, one contract suite
       │       bytes, opaque locators (ports.py says what is asked of a mailbox)
    reader/    a bounded child process: hostile mail hurts nobody but it
       │       core.parse → classify.model → core.facts  =  one Reading
    core/      intake → decide → compose; follow; summary    PURE: values in, values out
       │       a Plan: frozen actions, printed by --dry-run
    daemon/    poll  follow  weekly → apply    the only code that changes a mailbox
       │
    journal/   every event, every cursor, every intent: one private SQLite file

Once, before all that, `setup` (a wizard over `providers`, `probe` and `propose`) writes the
settings, and `service` has the daemon started at login.

`app` puts it together, `cli` has a module a command. Two promises are kept in one place each:
*cannot send* — no module of this package can (tests/test_cannot_send.py); *exactly once* —
`daemon.apply` (tests/daemon/test_exactly_once.py).
"""

__version__ = "0.1.0"
