"""The end of the summary in words: dates, what was left alone, who fell silent, health."""

from collections.abc import Iterator

from inboxbot.core.plan import Reason
from inboxbot.core.summary.values import Day, JunkMail, Summary
from inboxbot.core.weeklog import Job
from inboxbot.letters.sheet import Group, Item
from inboxbot.letters.words import Words


def ahead(summary: Summary, words: Words) -> Iterator[Group]:
    """Yield the dates to keep."""
    if summary.days:
        yield words.group("", [_day(day, words) for day in summary.days])


def _day(day: Day, words: Words) -> Item:
    when = words.day(day.day) if day.at else words.day_and_year(day.day)
    phrase = "ahead.conversation" if day.at else "ahead.apply_again"
    time = f"{day.at:%H:%M}" if day.at else ""
    return words.item(day.job, words.phrases.say(phrase, day=when, time=time))


def left(summary: Summary, words: Words) -> Iterator[Group]:
    """Yield what was not acted on: a line for each reason; then what lies in Junk."""
    if summary.left_alone:
        yield words.group("", [_left(each.reason, each.jobs, words) for each in summary.left_alone])
    if summary.junk:
        lead = words.phrases.count("left.junk", len(summary.junk))
        yield words.group(lead, [_in_junk(mail, words) for mail in summary.junk])


def _left(reason: Reason, jobs: tuple[Job, ...], words: Words) -> Item:
    if reason is Reason.UNREADABLE:
        return Item(aside=words.phrases.count("left.unreadable", len(jobs)))
    names = words.names(words.employers(jobs))
    return Item(head=names, lines=(words.phrases.say(f"left.reasons.{reason}"),))


def _in_junk(mail: JunkMail, words: Words) -> Item:
    subject = words.subject(mail.subject)
    line = words.phrases.say("left.in_junk", sender=mail.sender, subject=subject)
    return Item(head=mail.employer or mail.sender, lines=(line,))


def silent(summary: Summary, words: Words) -> Iterator[Group]:
    """Yield the applications about which nobody has said a word for weeks."""
    if summary.silent:
        lead = words.phrases.say("silent.lead")
        items = [words.item(each.job) for each in summary.silent]
        after = words.phrases.say("silent.after")
        yield words.group(lead, items, after=after, run_in=True)


def health(summary: Summary, words: Words) -> str:
    """Return how inboxbot itself is doing, in a line."""
    state, say = summary.health, words.phrases.say
    if not state.fine:
        return say(f"health.{'trouble' if state.text else 'trouble_untold'}", text=state.text)
    if state.failures:
        return words.phrases.count("failures", state.failures)
    return say("health.recovered" if state.recovered else "health.fine")
