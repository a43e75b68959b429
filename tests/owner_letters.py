"""The mails to the owner, as values, for tests of what is shown: each with every field filled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

from inboxbot.core.evening import Brief, Evening
from inboxbot.core.focus import Quotation, Theme
from inboxbot.core.insight import Comparison, Kind, Pattern, Rate
from inboxbot.core.plan import Basis, EventKind, Reason
from inboxbot.core.reflect import Question as Asked
from inboxbot.core.reflect import Reflection
from inboxbot.core.search import Search
from inboxbot.core.summary.values import (
    Day,
    Feedback,
    Happening,
    Health,
    JunkMail,
    LeftAlone,
    OfferedElsewhere,
    Prompt,
    Silent,
    Summary,
    WaitingDraft,
)
from inboxbot.core.summary.values import Question as Doubt
from inboxbot.core.types import Label, Stage, StatedReason
from inboxbot.core.weeklog import Job, Turn

Word = Callable[[str], str]
"""Has a hand in every text that comes from mail or from the user."""

FEEDBACK = """Dear Mara,

Your case studies show me the finished object beautifully,
but I had to guess what you decided; say "I" more often.

- the nurses' project
- the drawings

Ingrid"""


def empty() -> Summary:
    """Return a week without anything."""
    return Summary(
        week="2026-W47", first_day=date(2026, 11, 16), last_day=date(2026, 11, 22),
        account="mine", covers_all_before=False, drafts_folder="Drafts", other_mail={},
    )  # fmt: skip


def usual() -> Summary:
    """Return an ordinary week: a draft, an answer, two noes, a talk to think about, a date."""
    acme = Job(employer="Acme", role="Product Designer", subject="Your application")
    birch = Job(employer="Birch & Sons", role="UX Researcher", subject="Your interview")
    cedar = Job(employer="Cedar Energy", role="Service Designer", subject="Application")
    wrote = "Your case studies are clear. Say “I” more often: I had to guess what you decided."
    return replace(
        empty(),
        drafts=(
            WaitingDraft(
                job=acme, to="jo@acme.example", name="Jo Park", folder="Drafts",
                subject="Re: Your application", since=date(2026, 11, 17),
                basis=Basis.EARLIER_MESSAGE,
            ),
        ),
        feedback=(Feedback(job=cedar, sender="tom@cedar.example", text=wrote),),
        happenings=(
            Happening(job=cedar, turns=(Turn(kind=EventKind.FEEDBACK_RECEIVED, name="Tom"),)),
            Happening(
                job=acme, step=Label.REJECTION, stage=Stage.INTERVIEW,
                stated_reason=StatedReason.OTHER_CANDIDATE,
            ),
            Happening(job=birch, step=Label.REJECTION, stated_reason=StatedReason.FILLED),
        ),
        received=(Job(employer="Dune Systems", role="UX Designer"),),
        still_open=6,
        prompts=(Prompt(job=acme, application="acme"),),
        exercise=Prompt(job=acme, application="acme"),
        days=(Day(job=cedar, day=date(2026, 11, 24), at=time(10, 30)),),
        left_alone=(LeftAlone(reason=Reason.UNREACHABLE, jobs=(birch,)),),
        other_mail={Label.JOB_ALERT: 4},
        silent=(Silent(job=Job(employer="Elm Press", role="Designer"), since=date(2026, 10, 21)),),
    )  # fmt: skip


def full(word: Word = str) -> Summary:
    """Return a week in which everything happened; `word` has a hand in every text of it."""
    job = Job(employer=word("Northwind"), role=word("Designer"), subject=word("Your application"))
    subject_alone = Job(subject=word("An update"))
    turns = [Turn(kind=kind, name=word("Tom Osei")) for kind in (EventKind.SENT, EventKind.BOUNCED)]
    wrote = Reflection(question=Asked.WELL, text=word("The drawings.\nThe story."))
    written = Prompt(job=job, application="harbour", reflections=(wrote,), day=date(2026, 11, 18))
    withdrawn = Turn(kind=EventKind.WITHDRAWN, name=word("Tom Osei"), why=Reason.REOPENED)
    return replace(
        empty(),
        account=word("mine"),
        covers_all_before=True,
        drafts=(
            WaitingDraft(
                job=job, to=word("tom@fernhollow.example"), name=word("Tom Osei"),
                subject=word("Re: Our call"), folder=word("Entwürfe"),
                since=date(2026, 11, 17), edited=True,
            ),
            WaitingDraft(
                job=job, to=word("ada@acme.example"), name="", subject=word("Re: Tester"),
                folder="", since=date(2026, 11, 18), thanks=True,
            ),
        ),
        questions=(
            Doubt(job=job, sentence=word("We go on with a smaller group."), message="m1"),
            Doubt(job=subject_alone, sentence=word("Not now."), message="m2"),
        ),
        offers=(
            OfferedElsewhere(job=job, link="https://forms.example/f?id=1&lang=en"),
            OfferedElsewhere(job=job, link=""),
        ),
        feedback=(
            Feedback(job=job, sender=word("ingrid@studio.example"), text=word(FEEDBACK)),
            Feedback(job=job, sender="", text=word("Say I more often."), whole=False),
        ),
        happenings=(
            Happening(job=job, step=Label.INTERVIEW),
            Happening(
                job=job, step=Label.REJECTION, stage=Stage.FINAL, kept_on_file=True,
                stated_reason=StatedReason.OTHER_CANDIDATE, turns=(*turns, withdrawn),
            ),
            Happening(job=job, step=Label.REJECTION, stated_reason=StatedReason.FILLED),
            Happening(job=job, step=Label.REJECTION, explained=True),
        ),
        received=(job, subject_alone),
        still_open=3,
        prompts=(Prompt(job=job, application="fernhollow"), written),
        exercise=Prompt(job=job, application="northwind"),
        pattern=Pattern(
            compared=Comparison(
                kind=Kind.LEVEL, group="senior", ended=Rate(6, 7), others=Rate(2, 9)
            ),
            p=0.004,
        ),
        theme=_theme(word),
        left_alone=(
            LeftAlone(reason=Reason.UNREACHABLE, jobs=(job, subject_alone)),
            LeftAlone(reason=Reason.UNREADABLE, jobs=(Job(), Job())),
        ),
        other_mail={Label.JOB_ALERT: 7, Label.OUTREACH: 1},
        junk=(
            JunkMail(
                sender=word("jo@harbour.example"), subject=word("Your interview"),
                employer=word("Harbour Maps"),
            ),
        ),
        silent=(Silent(job=job, since=date(2026, 10, 12)),),
        days=(
            Day(job=job, day=date(2026, 11, 24), at=time(10, 30)),
            Day(job=job, day=date(2027, 5, 1)),
        ),
        health=Health(fine=False, text=word("the server refuses the password")),
    )  # fmt: skip


def _written(job: Job, word: Word) -> Prompt:
    wrote = Reflection(question=Asked.WELL, text=word("The drawings.\nThe story."))
    return Prompt(job=job, application="harbour", reflections=(wrote,), day=date(2026, 11, 18))


def _theme(word: Word) -> Theme:
    day = date(2026, 11, 18)
    quoted = (
        Quotation(text=word("I had no example ready."), day=day, about=word("Harbour Maps")),
        Quotation(text=word("Bring figures."), day=day, about=word("Acme"), employers=True),
    )
    return Theme(topic="examples", mentions=3, quotations=quoted)


def evening(word: Word = str) -> Evening:
    """Return the evening of a talk."""
    job = Job(employer=word("Northwind"), role=word("Designer"))
    prompt = Prompt(job=job, application="northwind")
    return Evening(account=word("mine"), prompt=prompt, day=date(2026, 11, 18), today=True)


def brief(word: Word = str) -> Brief:
    """Return the evening before two talks."""
    week = full(word)
    talks = (*week.days[:1], replace(week.days[0], at=time(15)))
    written = tuple(prompt for prompt in week.prompts if prompt.reflections)
    return Brief(
        account=word("mine"),
        today=False,
        talks=talks,
        written=written,
        theme=week.theme,
        said=week.feedback,
    )


def search(word: Word = str) -> Search:
    """Return a whole search."""
    week = full(word)
    return Search(
        account=word("mine"), first_day=date(2026, 3, 2), last_day=date(2026, 11, 20),
        applications=34, talks=6, declined=21, unrelated=7, unanswered=9,
        feedback=week.feedback, drafts=week.drafts, still_open=(week.drafts[0].job,),
        written=tuple(prompt for prompt in week.prompts if prompt.reflections),
        drafts_folder=word("Entwürfe"),
    )  # fmt: skip
