"""Parts of sentences that every letter needs: applications, days, lists, groups with a bound."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from inboxbot.core.reflect import anchor_of
from inboxbot.core.search import Search
from inboxbot.core.summary.values import Feedback, Prompt, Summary
from inboxbot.core.weeklog import Job
from inboxbot.letters.phrases import Phrases
from inboxbot.letters.quoting import rejoined, shortened
from inboxbot.letters.sheet import Group, Item

_MOST_WRITTEN = 3  # texts about one conversation
_LONGEST_QUOTED = 900  # characters of one answer: half a screen of a phone
_QUOTED_PER_ITEM = 350  # and fewer, where few items fit


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one language, and how many items a list may show."""

    phrases: Phrases
    most: int

    # ------------------------------------------------------------ groups

    def group(
        self, lead: str, items: Iterable[Item], *, after: str = "", marks: str = "",
        run_in: bool = False,
    ) -> Group:  # fmt: skip
        """Return a group of at most `most` items that says how many are not shown."""
        found = tuple(items)
        shown = found[: self.most]
        more = self.more(len(found) - len(shown))
        return Group(lead=lead, items=shown, more=more, after=after, marks=marks, run_in=run_in)

    def more(self, number: int) -> str:
        """Return "and 3 more", "" for none."""
        return self.phrases.say("more", n=number) if number else ""

    # ------------------------------------------------------------ items

    def item(self, job: Job, *lines: str) -> Item:
        """Name an application by what is known of it, and say something of it."""
        if job.employer:
            return Item(head=job.employer, aside=job.role, lines=lines)
        unnamed = "subject" if job.subject else "neither"
        head = job.role or self.phrases.say(f"unnamed.{unnamed}", subject=job.subject)
        return Item(head=head, lines=lines)

    def marked(self, prompt: Prompt, *lines: str) -> Item:
        """Name a conversation with the mark that a reply about it is known by."""
        return replace(self.item(prompt.job, *lines), mark=f"[{anchor_of(prompt.application)}]")

    def employers(self, jobs: Iterable[Job]) -> tuple[str, ...]:
        """Return the employers' names, each once; what else is known where there is none."""
        return tuple(dict.fromkeys(self.item(job).head for job in jobs))

    def said(self, feedback: Feedback) -> Item:
        """Quote what an employer answered, and tell where the rest of it is."""
        say, text = self.phrases.say, rejoined(feedback.text)
        quote = shortened(text, min(_LONGEST_QUOTED, self.most * _QUOTED_PER_ITEM))
        note = say("said.cut") if quote != text else ""
        if not feedback.whole or not text:
            form = "excerpt" if text else "elsewhere"
            note = say(f"said.{form}", subject=self.subject(feedback.job.subject))
        sender = (say("said.sender", sender=feedback.sender),) if feedback.sender else ()
        item = self.item(feedback.job, *sender)
        return replace(item, quotes=(quote,) if quote else (), note=note)

    def wrote(self, prompt: Prompt, limit: int) -> Item:
        """Quote what the user wrote last about a conversation, and when."""
        line = self.phrases.say("reflect.wrote", day=self.day(prompt.day)) if prompt.day else ""
        item = self.item(prompt.job, line) if prompt.application else Item(head=line)
        newest = prompt.reflections[-_MOST_WRITTEN:]
        return replace(item, quotes=tuple(shortened(wrote.text, limit) for wrote in newest))

    # ------------------------------------------------------------ parts of sentences

    def folder(self, told: Summary | Search) -> str:
        """Name the folder that the drafts lie in; they all lie in one."""
        name = next((draft.folder for draft in told.drafts if draft.folder), told.drafts_folder)
        plain = name.casefold() in {"", "drafts"}
        return self.phrases.say(f"needs.draft.folder{'' if plain else '_named'}", name=name)

    def names(self, names: Sequence[str]) -> str:
        """Return names one after the other; those beyond the bound are counted."""
        shown = list(names[: self.most])
        return " ".join(filter(None, ("; ".join(shown), self.more(len(names) - len(shown)))))

    def subject(self, subject: str) -> str:
        """Return a subject, or that there is none."""
        return subject or self.phrases.say("no_subject")

    def day(self, day: date) -> str:
        """Return "Tuesday, 24 November"."""
        return self.phrases.say(
            "dates.day",
            weekday=self.phrases.all("dates.weekdays")[day.weekday()],
            day=day.day,
            month=self.month(day),
        )

    def day_and_year(self, day: date) -> str:
        """Return "1 May 2027"."""
        return self.phrases.say(
            "dates.day_and_year", day=day.day, month=self.month(day), year=day.year
        )

    def period(self, first: date, last: date) -> str:
        """Return both days; the month and the year once where they are the same."""
        if first == last:
            return self.day_and_year(first)
        form = "month" if first.month == last.month else "months_apart"
        return self.phrases.say(
            f"dates.{form if first.year == last.year else 'years_apart'}",
            first_day=first.day, first_month=self.month(first), first_year=first.year,
            last_day=last.day, last_month=self.month(last), last_year=last.year,
        )  # fmt: skip

    def month(self, day: date) -> str:
        """Return the month's name."""
        return self.phrases.all("dates.months")[day.month - 1]


def named(item: Item) -> str:
    """Return an item's name as it stands in a sentence."""
    return " – ".join(filter(None, (item.head, item.aside)))  # noqa: RUF001
