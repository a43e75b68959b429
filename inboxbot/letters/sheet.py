"""Summary + phrases → a sheet: titles, sentences, items and quotations as both parts show them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from urllib.parse import urlsplit

from inboxbot.core.ledger import Ask, tally
from inboxbot.core.plan import Basis, Confidence, EventKind, Reason
from inboxbot.core.summary import (
    AFTER_TALK,
    NOT_ABOUT_YOU,
    Feedback,
    Happening,
    Summary,
    WaitingDraft,
)
from inboxbot.core.types import Label, StatedReason
from inboxbot.core.weeklog import Job, Turn
from inboxbot.letters.phrases import Phrases

_ENOUGH_ASKED = 3  # questions of a stage, before its rate of answers is told
_WITHDRAWN = frozenset(
    {
        Reason.USER_REPLIED,
        Reason.REOPENED,
        Reason.TOO_OLD,
        Reason.DUPLICATE,
        Reason.NOT_REJECTION,
        Reason.FEEDBACK_GIVEN,
    }
)
_BASES = frozenset({Basis.NAMED_IN_TEXT, Basis.EARLIER_MESSAGE, Basis.CALENDAR})  # worth a word
_QUOTED_PER_ITEM = 350  # characters of one answer for each item that a list may show
_SHORTEST_WRAPPED = 45  # characters; mail is wrapped at 65 to 78
_LONGEST_WRAPPED = 100
_RAGGED = 5  # characters by which people who wrap by hand stay below their width
_BULLET = re.compile(r"\s*(?:[-*•·–>]|\d{1,2}[.)])\s")  # noqa: RUF001  (they are the point)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where feedback can be had; the host is what the reader sees."""

    url: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing of a list."""

    head: str
    aside: str = ""  # beside the head: the role
    lines: tuple[str, ...] = ()
    quote: str = ""
    note: str = ""  # below the quotation
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A sentence, and the list that it speaks of."""

    lead: str = ""
    items: tuple[Item, ...] = ()
    more: str = ""  # how many are not shown
    after: str = ""
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title and its groups."""

    title: str
    groups: tuple[Group, ...]
    first: bool = False  # what needs the user stands out


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole letter, in words."""

    language: str
    title: str
    period: str
    preview: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    health: str
    footer: str


def sheet_of(summary: Summary, phrases: Phrases, most: int) -> Sheet:
    """Return the summary in words; no list shows more than `most` items."""
    return _Writer(summary, phrases, most).sheet()


def title_of(summary: Summary, phrases: Phrases) -> str:
    """Return the title, which is the subject too: it gives nothing away."""
    return phrases.say("title", number=summary.first_day.isocalendar().week)


@dataclass(frozen=True, slots=True)
class _Writer:
    summary: Summary
    phrases: Phrases
    most: int

    def sheet(self) -> Sheet:
        say = self.phrases.say
        sections = (
            self._section("needs", self._needs(), first=True),
            self._section("said", self._said()),
            self._section("happened", self._happened()),
            self._section("asked", self._asked()),
            self._section("reflect", self._reflect()),
            self._section("left", self._left()),
            self._section("ahead", self._ahead()),
        )
        return Sheet(
            language=self.phrases.language,
            title=title_of(self.summary, self.phrases),
            period=self._period(),
            preview=say("preview_empty" if self.summary.is_empty else "preview"),
            opening=tuple(self._opening()),
            sections=tuple(section for section in sections if section.groups),
            health=self._health(),
            footer=say("footer", account=self.summary.account),
        )

    def _section(self, name: str, groups: Iterator[Group], *, first: bool = False) -> Section:
        title = self.phrases.say(f"{name}.title")
        return Section(title=title, groups=tuple(groups), first=first)

    # ------------------------------------------------------------ opening and close

    def _opening(self) -> Iterator[str]:
        """Yield the first lines: one that keeps a no in proportion, then what goes with it."""
        summary, phrases = self.summary, self.phrases
        turn = summary.first_day.toordinal() // 7
        yield phrases.choose(f"opening.{self._tone()}", turn)
        if summary.is_empty:
            yield phrases.choose("opening.empty_comfort", turn)
            return
        if summary.ended and summary.still_open:
            yield phrases.count("still_open", summary.still_open)
        if summary.covers_all_before:
            yield phrases.say("first")

    def _tone(self) -> str:
        if self.summary.is_empty:
            return "empty"
        if any(happening.stage in AFTER_TALK for happening in self.summary.ended):
            return "after_talk"
        if self.summary.ended:
            return "declined"
        went_on = any(happening.step is not None for happening in self.summary.happenings)
        return "forward" if went_on else "calm"

    def _period(self) -> str:
        first, last = self.summary.first_day, self.summary.last_day
        months = self.phrases.all("dates.months")
        form = "month" if first.month == last.month else "months_apart"
        return self.phrases.say(
            f"dates.{form if first.year == last.year else 'years_apart'}",
            first_day=first.day, first_month=months[first.month - 1], first_year=first.year,
            last_day=last.day, last_month=months[last.month - 1], last_year=last.year,
        )  # fmt: skip

    def _health(self) -> str:
        health, say = self.summary.health, self.phrases.say
        if not health.fine:
            told = "trouble" if health.text else "trouble_untold"
            return say(f"health.{told}", text=health.text)
        if health.failures:
            return self.phrases.count("failures", health.failures)
        return say("health.recovered" if health.recovered else "health.fine")

    # ------------------------------------------------------------ the sections

    def _needs(self) -> Iterator[Group]:
        summary, count = self.summary, self.phrases.count
        if summary.drafts:
            lead = count("needs.drafts", len(summary.drafts), folder=self._folder())
            yield self._group(lead, [self._draft(draft) for draft in summary.drafts])
        if summary.questions:
            lead = count("needs.questions", len(summary.questions))
            items = [
                self._with_subject(question.job, "needs.question.subject", question.sentence)
                for question in summary.questions
            ]
            yield self._group(lead, items, numbered=True)
        if summary.offers:
            lead = count("needs.offers", len(summary.offers))
            yield self._group(
                lead, [self._offer(offer.job, offer.link) for offer in summary.offers]
            )

    def _folder(self) -> str:
        """Name the folder that the drafts lie in; they all lie in one."""
        drafts = self.summary.drafts
        name = next((draft.folder for draft in drafts if draft.folder), self.summary.drafts_folder)
        plain = name.casefold() in {"", "drafts"}
        return self.phrases.say(f"needs.draft.folder{'' if plain else '_named'}", name=name)

    def _draft(self, draft: WaitingDraft) -> Item:
        say = self.phrases.say
        to = "needs.draft.to" if draft.name else "needs.draft.to_address"
        lines = [
            say(to, name=draft.name, address=draft.to),
            say("needs.draft.subject", subject=self._subject(draft.subject)),
            say("needs.draft.since", day=self._day(draft.since)),
        ]
        if draft.basis in _BASES:
            lines.append(say(f"needs.draft.basis.{draft.basis}"))
        if draft.confidence not in {None, Confidence.HIGH}:
            lines.append(say("needs.draft.unsure"))
        lines += [say("needs.draft.thanks")] if draft.thanks else []
        lines += [say("needs.draft.edited")] if draft.edited else []
        return self._item(draft.job, *lines)

    def _with_subject(self, job: Job, phrase: str, quote: str) -> Item:
        named = bool(job.employer or job.role) and job.subject
        lines = (self.phrases.say(phrase, subject=job.subject),) if named else ()
        return replace(self._item(job, *lines), quote=quote)

    def _offer(self, job: Job, url: str) -> Item:
        if not url:
            line = self.phrases.say("needs.offer.no_link", subject=self._subject(job.subject))
            return self._item(job, line)
        return replace(self._item(job), link=Link(url=url, host=urlsplit(url).hostname or ""))

    def _said(self) -> Iterator[Group]:
        if self.summary.feedback:
            yield self._group("", [self._feedback(said) for said in self.summary.feedback])

    def _feedback(self, said: Feedback) -> Item:
        say = self.phrases.say
        text = rejoined(said.text)
        shown = _shortened(text, self.most * _QUOTED_PER_ITEM)
        note = say("said.cut") if shown != text else ""
        if not said.whole or not text:
            form = "excerpt" if text else "elsewhere"
            note = say(f"said.{form}", subject=self._subject(said.job.subject))
        lines = (say("said.sender", sender=said.sender),) if said.sender else ()
        return replace(self._item(said.job, *lines), quote=shown, note=note)

    def _happened(self) -> Iterator[Group]:
        summary, say = self.summary, self.phrases.say
        if summary.happenings:
            items = [self._happening(happening) for happening in summary.happenings]
            yield self._group(self._unrelated(), items)
        if summary.received:
            names = [_named(self._item(job)) for job in summary.received]
            yield Group(lead=say("happened.received", names=self._names(names)))
        if summary.other_mail:
            counts = [
                self.phrases.count(f"happened.{label}", number)
                for label, number in summary.other_mail.items()
            ]
            yield Group(lead=say("happened.also", list=self.phrases.join(counts)))

    def _unrelated(self) -> str:
        """Tell how many noes had nothing to do with the user; "" where none had."""
        ended = self.summary.ended
        apart = [happening for happening in ended if happening.stated_reason in NOT_ABOUT_YOU]
        if not apart:
            return ""
        form = "one" if len(apart) == 1 else "other"
        if len(apart) == len(ended):
            form = "only" if len(apart) == 1 else "all"
        reasons = dict.fromkeys(
            self.phrases.say(f"happened.reasons.{happening.stated_reason}") for happening in apart
        )
        return self.phrases.say(
            f"happened.unrelated.{form}", n=len(apart), reasons=", ".join(reasons)
        )

    def _happening(self, happening: Happening) -> Item:
        lines = (*self._step(happening), *(self._turn(turn) for turn in happening.turns))
        return self._item(happening.job, *lines)

    def _step(self, happening: Happening) -> Iterator[str]:
        say = self.phrases.say
        if happening.step is None:
            return
        if happening.step is not Label.REJECTION:
            yield say(f"happened.{happening.step}")
            return
        reason = say("happened.no_reason")
        if happening.stated_reason is not StatedReason.NONE:
            stated = say(f"happened.reasons.{happening.stated_reason}")
            reason = say("happened.reason", reason=stated)
        yield f"{say(f'happened.ended.{happening.stage}')} {reason}"
        if happening.explained:
            yield say("happened.explained")
        if happening.kept_on_file:
            yield say("happened.kept_on_file")

    def _turn(self, turn: Turn) -> str:
        say = self.phrases.say
        name = turn.name or say("happened.somebody")
        if turn.kind is not EventKind.WITHDRAWN:
            return say(f"happened.turns.{turn.kind}", name=name)
        told = turn.why in _WITHDRAWN
        return say(f"happened.withdrawn.{turn.why if told else 'other'}", name=name)

    def _asked(self) -> Iterator[Group]:
        """Tell what asking has brought so far, and by stage where there is enough to compare."""
        asks, count = self.summary.asked, self.phrases.count
        for row in tally(asks):
            parts = [count(f"asked.{kind}", number) for kind, number in row.answers.items()]
            lead = f"{count('asked.lead', row.asked)} {self.phrases.join(parts)}."
            after = count("asked.days", max(1, round(row.days))) if row.days is not None else ""
            yield Group(lead=lead, items=tuple(self._by_stage(asks)), after=after)

    def _by_stage(self, asks: Sequence[Ask]) -> Iterator[Item]:
        rows = [row for row in tally(asks, lambda ask: ask.stage) if row.asked >= _ENOUGH_ASKED]
        for row in rows if len(rows) > 1 else ():
            head = self.phrases.say(f"asked.stages.{row.name}")
            yield Item(
                head=self.phrases.say("asked.rate", stage=head, n=row.answered, of=row.asked)
            )

    def _reflect(self) -> Iterator[Group]:
        if self.summary.prompts:
            say = self.phrases.say
            lines = (say("reflect.well"), say("reflect.differently"))
            items = tuple(self._item(job, *lines) for job in self.summary.prompts)
            after = say("reflect.others") if self.summary.ended else ""
            lead = self.phrases.count("reflect.lead", len(items))
            yield Group(lead=lead, items=items, after=after)

    def _left(self) -> Iterator[Group]:
        for left in self.summary.left_alone:
            if left.reason == "unreadable":
                yield Group(lead=self.phrases.count("left.unreadable", len(left.jobs)))
                continue
            items = dict.fromkeys(self._item(job) for job in left.jobs)
            yield self._group(self.phrases.say(f"left.reasons.{left.reason}"), list(items))

    def _ahead(self) -> Iterator[Group]:
        items = []
        for day in self.summary.days:
            when = self._day(day.day) if day.at else self._day_and_year(day.day)
            phrase = "ahead.conversation" if day.at else "ahead.apply_again"
            time = f"{day.at:%H:%M}" if day.at else ""
            line = self.phrases.say(phrase, day=when, time=time)
            items.append(self._item(day.job, line))
        if items:
            yield self._group("", items)

    # ------------------------------------------------------------ parts of sentences

    def _group(self, lead: str, items: Sequence[Item], *, numbered: bool = False) -> Group:
        shown = tuple(items[: self.most])
        return Group(
            lead=lead, items=shown, more=self._more(len(items) - len(shown)), numbered=numbered
        )

    def _names(self, names: Sequence[str]) -> str:
        shown = list(names[: self.most])
        more = self._more(len(names) - len(shown))
        return " ".join(filter(None, ("; ".join(shown), more)))

    def _more(self, number: int) -> str:
        return self.phrases.say("more", n=number) if number else ""

    def _item(self, job: Job, *lines: str) -> Item:
        """Name an application by what is known of it, and say something of it."""
        if job.employer:
            return Item(head=job.employer, aside=job.role, lines=lines)
        unnamed = "subject" if job.subject else "neither"
        head = job.role or self.phrases.say(f"unnamed.{unnamed}", subject=job.subject)
        return Item(head=head, lines=lines)

    def _subject(self, subject: str) -> str:
        return subject or self.phrases.say("no_subject")

    def _day(self, day: date) -> str:
        return self.phrases.say(
            "dates.day",
            weekday=self.phrases.all("dates.weekdays")[day.weekday()],
            day=day.day,
            month=self.phrases.all("dates.months")[day.month - 1],
        )

    def _day_and_year(self, day: date) -> str:
        month = self.phrases.all("dates.months")[day.month - 1]
        return self.phrases.say("dates.day_and_year", day=day.day, month=month, year=day.year)


def _named(item: Item) -> str:
    return f"{item.head} – {item.aside}" if item.aside else item.head  # noqa: RUF001


def rejoined(text: str) -> str:
    """Join lines that a mail program wrapped; the author's own line ends and all words stay.

    A line was wrapped where the next word would have made it one of the longest of the text.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    width = max(map(len, lines))
    if not _SHORTEST_WRAPPED <= width <= _LONGEST_WRAPPED:
        return "\n".join(lines)
    joined = lines[:1]
    for before, line in pairwise(lines):
        word = line.split(" ", 1)[0]
        wrapped = before and word and not _BULLET.match(line)
        if wrapped and len(before) + 1 + len(word) > width - _RAGGED:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return "\n".join(joined)


def _shortened(text: str, limit: int) -> str:
    """Cut between words, and show the cut."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rpartition(' ')[0] or text[:limit]} […]"
