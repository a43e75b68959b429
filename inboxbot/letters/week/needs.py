"""What needs the user, in words: drafts, feedback to read, mails in doubt, feedback elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from inboxbot.core.plan import Basis, Confidence
from inboxbot.core.summary.needs import MOST_QUESTIONS
from inboxbot.core.summary.values import OfferedElsewhere, Question, Summary, WaitingDraft
from inboxbot.letters.sheet import Group, Item, Link
from inboxbot.letters.words import Words

_BASES = frozenset({Basis.NAMED_IN_TEXT, Basis.EARLIER_MESSAGE, Basis.CALENDAR})  # worth a word


def needs(summary: Summary, words: Words) -> Iterator[Group]:
    """Yield what only the user can do."""
    count = words.phrases.count
    if summary.drafts:
        lead = count("needs.drafts", len(summary.drafts), folder=words.folder(summary))
        yield words.group(lead, [_draft(draft, summary, words) for draft in summary.drafts])
    if summary.feedback:
        names = words.names(words.employers(said.job for said in summary.feedback))
        yield Group(lead=words.phrases.say("needs.feedback", names=names))
    if summary.questions:
        yield _questions(summary, words)
    if summary.offers:
        lead = count("needs.offers", len(summary.offers))
        yield words.group(lead, [_offer(offer, words) for offer in summary.offers])


def _draft(draft: WaitingDraft, summary: Summary, words: Words) -> Item:
    say = words.phrases.say
    subject = words.subject(draft.subject)
    notes = []
    if draft.since < summary.first_day:
        notes.append(say("needs.draft.since", day=words.day(draft.since)))
    if draft.confidence not in {None, Confidence.HIGH}:
        notes.append(say("needs.draft.unsure"))
    notes += [say("needs.draft.thanks")] if draft.thanks else []
    notes += [say("needs.draft.edited")] if draft.edited else []
    name = draft.name or draft.to
    if draft.basis in _BASES:
        name = say(f"needs.draft.basis.{draft.basis}", name=name)
    to = say("needs.draft.to", name=name, subject=subject)
    return words.item(draft.job, to, *([" ".join(notes)] if notes else []))


def _questions(summary: Summary, words: Words) -> Group:
    """Ask about the likeliest few; the numbers are what a reply answers by."""
    lead = words.phrases.count("needs.questions", len(summary.questions))
    few = replace(words, most=min(words.most, MOST_QUESTIONS))
    return few.group(lead, [_question(each, words) for each in summary.questions], marks="1")


def _question(question: Question, words: Words) -> Item:
    named = question.job.employer or question.job.role
    about = question.job.subject if named and not question.sentence else question.sentence
    return words.item(question.job, *([words.phrases.say("quoted", text=about)] if about else []))


def _offer(offer: OfferedElsewhere, words: Words) -> Item:
    if not offer.link:
        subject = words.subject(offer.job.subject)
        return words.item(offer.job, words.phrases.say("needs.offer.no_link", subject=subject))
    link = Link(url=offer.link, host=urlsplit(offer.link).hostname or "")
    return replace(words.item(offer.job), link=link)
