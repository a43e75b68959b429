"""Every wording of every language, rendered and read as the recruiter who gets it.

Nothing here knows how a letter is put together. Thousands are composed, the finished bytes are
parsed as any client parses them, and a list of sentences is held against each: this is true of
every letter, or the letter is shown.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from functools import cache, cached_property
from itertools import count, product

import pytest

from inboxbot.core.compose import Letter, Templates, compose
from inboxbot.core.language import language_of
from inboxbot.core.plan import Basis, Contact, Decision, Judgement, Reason
from inboxbot.core.types import Address, Facts, Key, Label, Reading, Stage, StatedReason
from inboxbot.resources import CONFIG
from inboxbot.templates import load_templates
from tests.core.draft_words import WORDS
from tests.make import NOW, OWNER, SENDERS, mail, rejection

TEMPLATES = load_templates()
LANGUAGES = sorted(path.stem for path in (CONFIG / "drafts").glob("*.toml"))

# What the mail says, and how a letter must say it; None: not at all.

PEOPLE = (  # name in the address, name under the mail, name in the letter
    ("Priya Raman", "", "Priya Raman"),
    ("Raman, Priya", "", "Priya Raman"),
    ("", "Zoë van den Berg", "Zoë van den Berg"),
    ("Łucja O'Neill (Acme)", "", "Łucja O'Neill"),
    ("Chiara D'Amico via Greenhouse", "", "Chiara D'Amico"),
)
NOBODY = (("", ""), ("Acme Careers", ""), ("Priya", ""), ("", "Your Acme Recruiting Team"))
ROLES = (
    ("Product Designer (m/w/d)", "Product Designer"),
    ("Senior Staff Software Engineer, Data Platform and Developer Experience",) * 2,
    ("Ingénieur logiciel (H/F)", "Ingénieur logiciel"),
    ("QA", "QA"),
    ("Systems Analyst [f/m/x]", "Systems Analyst"),
    ("Assistant to the Managing Director, Sr.",) * 2,
)
EMPLOYERS = (
    ("Halvorsen & Daughters",) * 2,
    ("Acme S.A.",) * 2,
    ("Öresund-Værft ApS",) * 2,
    ("Northwind.com", "Northwind"),
    ("L’Atelier d’Émilie", "L'Atelier d'Émilie"),
)
NO_NAME = (None, "", "x" * 200, "https://canary.example/jobs", "{person}", "Call now ☎ free")

# Somebody else's mail: nothing of it may reach a letter.
OTHERS = ("Otto", "Brandt", "Lena", "Okafor")
CANARIES = ("canary.example", "canary-token-7f3a", "5550142", "Unter den Linden")
THEIR_MAIL = (
    "We chose another candidate, Lena Okafor.\n"
    "Your status: https://canary.example/s?t=canary-token-7f3a\n"
    "Call us on +49 30 5550142, Unter den Linden 1. Code: canary-token-7f3a\n"
    "Otto Brandt"
)
HER_MAIL = (
    "Her own words stand here, and her number: +44 20 7946 0018.\n"
    "See https://hers.example/me?t=canary-token-7f3a and www.hers.example/you"
)
ME = OWNER.name


@dataclass(frozen=True, slots=True)
class Kind:
    """What a letter is for."""

    name: str
    asks: bool = True
    judgement: tuple[tuple[str, object], ...] = ()
    reasons: tuple[StatedReason | None, ...] = (None, StatedReason.MORE_QUALIFIED)
    roles: int = 1
    keys: int = 1


UNRELATED = (StatedReason.CANCELLED, StatedReason.PAUSED)
QUESTION = Kind("a question", keys=2)
SEVERAL = Kind("a question about several roles", roles=2, keys=2)
OFFERED = Kind("feedback was offered", judgement=(("accepts_offer", True),))
GIVEN = Kind(
    "thanks for feedback", asks=False,
    judgement=(("decision", Decision.THANKS), ("reason", Reason.FEEDBACK_GIVEN)),
)  # fmt: skip
REFUSED = Kind(
    "thanks though there is none", asks=False,
    judgement=(("decision", Decision.THANKS), ("reason", Reason.FEEDBACK_REFUSED)),
)  # fmt: skip
KINDS = (
    QUESTION, SEVERAL, OFFERED, GIVEN, REFUSED,
    Kind("the role was cancelled", reasons=UNRELATED),
    Kind("one of several roles was cancelled", reasons=UNRELATED, roles=3),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One letter, and what must be seen in it."""

    language: str
    stage: Stage
    told: bool  # the person who is written to has told of the decision
    kind: Kind
    person: str | None
    roles: tuple[str, ...]
    employer: str | None


@dataclass(frozen=True)
class Page:
    """One finished letter as it is read."""

    case: Case
    to: Address
    data: bytes

    @cached_property
    def mail(self) -> Message:
        return message_from_bytes(self.data)

    def header(self, name: str) -> str:
        return str(make_header(decode_header(self.mail.get(name, ""))))

    @cached_property
    def body(self) -> str:
        payload = self.mail.get_payload(decode=True)
        return payload.decode(self.mail.get_content_charset()).replace("\r\n", "\n")

    @cached_property
    def own(self) -> str:
        """Return what the user says: all up to the user's name."""
        return self.body.partition(f"\n{ME}\n")[0] + f"\n{ME}\n"

    @cached_property
    def below(self) -> str:
        """Return what is quoted."""
        return self.body.removeprefix(self.own)

    @cached_property
    def frame(self) -> str:
        """Return the user's words alone, with a letter for each name from the mail."""
        names = (self.case.person, self.case.employer, *self.case.roles)
        text = self.own
        for name in sorted(filter(None, names), key=len, reverse=True):
            text = text.replace(name, "N")
        return text

    @property
    def paragraphs(self) -> list[str]:
        return self.own.rstrip("\n").split("\n\n")

    @property
    def middle(self) -> str:
        """Return the paragraph that asks, accepts or thanks."""
        return self.paragraphs[2]

    @cached_property
    def sentences(self) -> list[str]:
        """Return the sentences between greeting and farewell, with a letter for each name."""
        _, *body, _ = self.frame.rstrip("\n").split("\n\n")
        return [part for text in body for part in re.split(r"(?<=[.?]) ", text)]

    def __str__(self) -> str:
        case = self.case
        about = f"{case.language} {case.stage} {'told' if case.told else 'heard'}, {case.kind.name}"
        headers = "\n".join(f"{name}: {self.header(name)}" for name in ("To", "Subject"))
        return f"{about}\n\n{headers}\n\n{self.body}"


def cases(language: str) -> Iterator[tuple[Case, Letter]]:
    """Yield every kind of letter at every stage, with and without each name."""
    number = count()
    for stage, told, kind in product(Stage, (True, False), KINDS):
        if kind in {GIVEN, REFUSED} and not told:
            continue  # nobody is thanked for what somebody else has written
        for _, named, role, employer in product(range(kind.keys), *((True, False),) * 3):
            if (kind.roles > 1 and not role) or (
                kind is not QUESTION and kind.roles == 1 and employer is (named is role)
            ):
                continue
            yield letter(
                language, stage, kind, next(number), told=told, named=named, role=role,
                employer=employer,
            )  # fmt: skip


def letter(
    language: str, stage: Stage, kind: Kind, turn: int, *, told: bool, named: bool, role: bool,
    employer: bool,
) -> tuple[Case, Letter]:  # fmt: skip
    """Return a letter, and what must be seen in it; `turn` chooses among values that are alike."""
    in_address, signed, person = PEOPLE[turn % len(PEOPLE)]
    if not named:
        (in_address, signed), person = NOBODY[turn % len(NOBODY)], None
    name = in_address if told else in_address or person or ""
    roles = [ROLES[(turn + n) % len(ROLES)] for n in range(kind.roles)]
    given_employer, employer_seen = EMPLOYERS[turn % len(EMPLOYERS)]
    nameless = NO_NAME[turn % len(NO_NAME)]
    reading, contact = mails(turn, told=told, name=name, signed=signed, language=language)
    reason = kind.reasons[turn % len(kind.reasons)] or StatedReason.NONE
    reading = replace(reading, facts=replace(reading.facts, stated_reason=reason))
    if contact.parent.message.key == reading.message.key:
        contact = replace(contact, parent=reading)
    judgement = Judgement(
        **{
            "decision": Decision.DRAFT, "contact": contact, "stage": stage,
            "roles": tuple(given for given, _ in roles) if role else (nameless,) * bool(nameless),
            **dict(kind.judgement),
        }
    )  # fmt: skip
    case = Case(
        language=language, stage=stage, told=told, kind=kind, person=person,
        roles=tuple(seen for _, seen in roles) if role else (),
        employer=employer_seen if employer else None,
    )  # fmt: skip
    return case, Letter(
        reading=reading, judgement=judgement, owner=OWNER, sender=OWNER.address,
        employer=given_employer if employer else nameless, quoted=contact.parent.message.text,
    )  # fmt: skip


def mails(
    turn: int, *, told: bool, name: str, signed: str, language: str
) -> tuple[Reading, Contact]:
    """Return the rejection, and who is written to in answer to which mail."""
    facts = Facts(employer="Acme", language=language, signature=signed or None)
    her = Address("p.raman@acme.example", name)
    key = Key(f"{language}{turn:030d}")
    ats = "Otto Brandt via Acme <no-reply@us.greenhouse-mail.io>"
    fields = {"text": THEIR_MAIL, "cc": (Address("lena@acme.example", "Lena Okafor"),)}
    if told and (turn % 3 or signed):
        wrote = rejection(
            f"{name} <{her.addr}>", facts=facts, key=key, text=f"{HER_MAIL}\n{name}",
            subject="" if turn % 4 == 0 else "Re: Your application",
        )  # fmt: skip
        return wrote, Contact(address=her, basis=Basis.SENDER, parent=wrote)
    if told and turn % 2:  # the tracking system passes answers on
        relay = Address("acme@us.greenhouse-mail.io", name)
        sent = rejection(facts=facts, key=key, from_=(relay,), **fields)
        return sent, Contact(address=relay, basis=Basis.SENDER, parent=sent)
    if told:
        sent = rejection(ats, facts=facts, key=key, reply_to=(her,), **fields)
        return sent, Contact(address=her, basis=Basis.REPLY_TO, parent=sent)
    sent = rejection(ats, facts=replace(facts, signature="Otto Brandt"), key=key, **fields)
    if turn % 3 == 0:
        return sent, Contact(address=her, basis=Basis.NAMED_IN_TEXT, parent=sent)
    # She is answered in her own thread: not even the headers of the other mail are hers to see.
    apart = {"subject": "Status canary-token-7f3a", "message_id": "canary-token-7f3a@ats.example"}
    sent = replace(sent, message=replace(sent.message, **apart))
    earlier = mail(Label.INTERVIEW, f"{name} <{her.addr}>", facts=facts, text=HER_MAIL)
    basis = Basis.CALENDAR if turn % 5 == 0 else Basis.EARLIER_MESSAGE
    return sent, Contact(address=her, basis=basis, parent=earlier)


@cache
def pages(language: str) -> tuple[Page, ...]:
    """Compose every letter of a language, once for all checks."""
    return tuple(written(language, TEMPLATES[language]))


def written(language: str, templates: Templates) -> Iterator[Page]:
    for case, given in cases(language):
        data = compose(given, templates, SENDERS, NOW).data
        yield Page(case, given.judgement.contact.address, data)


@cache
def words(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


@cache
def found_in(paragraph: str, alternatives: str) -> tuple[str, ...]:
    """Return the words of a list that stand in a paragraph; a paragraph comes in many letters."""
    return tuple(match[0] for match in words(alternatives).finditer(paragraph))


def said(page: Page, *names: str) -> list[str]:
    """Return the words of the user's that are on these lists of the language."""
    lists = [getattr(WORDS[page.case.language], name) for name in names]
    return [
        word for list_ in lists for paragraph in page.frame.split("\n\n")
        for word in found_in(paragraph, list_)
    ]  # fmt: skip


TITLES = "mr|mrs|ms|mx|sir|madam|herr|frau|monsieur|madame|señora?|signora?|pani?"
ROUGH = re.compile(
    r"\.\.|  |-[ \n]|[ \t\u00a0]\n|\n{3}|[ \t][.,)]|,,|[,:;]\.|[;()–—…]|\b(\w+) \1\b", re.IGNORECASE
)
ROUGH_IN_FRENCH = re.compile(rf"{ROUGH.pattern}|(?<![\u00a0\u202f])[?:;»]|«(?![\u00a0\u202f])")
LETTERS = {  # besides those of English
    "en": "", "de": "äöüß", "fr": "àâçéèêëîïôùûüœ", "es": "áéíñóúü", "it": "àèéìòù", "nl": "éëïóöü",
    "pt": "áàâãçéêíóôõú", "pl": "ąćęłńóśźż", "sv": "åäöé", "da": "æøåé",
}  # fmt: skip
QUOTATION_MARKS = {"de": "„“", "fr": "«»"}  # a role stands in them, so that it needs no ending
MARKS = {**QUOTATION_MARKS, "es": "¿"}  # besides . , : ? and the apostrophe
LOWER_AFTER_SALUTATION = frozenset({"de", "it", "pl"})
POLITE_CAPITAL = re.compile(r"(?:La|Le|Lei|Suo|Sua|Sie|Ihr\w*) ")


# What holds for every letter. A check returns what is wrong, or nothing.

Check = Callable[[Page], object]


def it_goes_to_one_person_and_to_nobody_else(page: Page) -> object:
    to = [address for _, address in getaddresses([page.header("To")])]
    return to != [page.to.addr] or page.header("Cc") or page.header("Bcc")


def the_person_is_greeted_by_name_once_where_the_name_is_known(page: Page) -> object:
    person = page.case.person
    if person:
        return page.own.count(person) != 1 or person not in page.own.splitlines()[0]
    return [name for name in ("Priya", "Raman", "Acme Careers", "Recruiting") if name in page.own]


def nobody_else_is_named(page: Page) -> object:
    names = {word for *_, name in PEOPLE for word in name.split() if word[0].isupper()}
    mine = {word for name in (page.case.person, *page.case.roles) if name for word in name.split()}
    return (names.union(OTHERS) - mine).intersection(re.findall(r"[\w']+", page.own))


def nothing_of_somebody_elses_mail_is_in_it(page: Page) -> object:
    whole = "\n".join([*map(page.header, page.mail), page.body])
    return [token for token in CANARIES if token in whole]


def what_is_quoted_are_the_persons_own_words_without_a_link(page: Page) -> object:
    lines = [line for line in page.below.splitlines() if line]
    return any(not line.startswith(">") for line in lines[1:]) or [
        wrong for wrong in ("http", "www", "hers.example", *OTHERS) if wrong in page.below
    ]


def the_employer_is_named_once_as_it_calls_itself(page: Page) -> object:
    employer = page.case.employer
    unnamed = [name for _, name in EMPLOYERS if name in page.own]
    return page.own.count(employer) != 1 if employer else unnamed


def every_role_is_named_once_without_its_gender_tag(page: Page) -> object:
    told = [role for _, role in ROLES for _ in words(re.escape(role)).findall(page.own)]
    return sorted(told) != sorted(page.case.roles) or re.search("[mf]/[wmf]", page.own)


def each_role_stands_in_quotation_marks_of_its_own_or_none_does(page: Page) -> object:
    marks = QUOTATION_MARKS.get(page.case.language)
    return marks and {page.own.count(mark) for mark in marks} != {len(page.case.roles)}


def several_roles_are_several_applications_and_one_is_one(page: Page) -> object:
    right, wrong = ("applications", "application")[:: 1 if page.case.kind.roles > 1 else -1]
    opening = found_in(page.paragraphs[1], getattr(WORDS[page.case.language], wrong))
    return not said(page, right) or opening or (page.case.kind.roles > 1 and said(page, wrong))


def asks(case: Case) -> bool:
    return case.kind.asks and not (case.kind is OFFERED and case.told)


def it_asks_one_question_at_most_and_thanks_ask_none(page: Page) -> object:
    case = page.case
    asked = page.own.count("?")
    if page.own.count("¿") != (asked if case.language == "es" else 0):
        return "¿"
    return asked != asks(case) or (not case.kind.asks and said(page, "hedge"))


def nothing_is_asked_without_a_question_mark(page: Page) -> object:
    asking = WORDS[page.case.language].asking
    return [text for text in page.sentences if "?" not in text and found_in(text, asking)]


def the_decision_is_accepted_before_anything_is_asked(page: Page) -> object:
    return not found_in(page.middle.partition("?")[0], WORDS[page.case.language].accepts)


def it_is_easy_to_answer_and_easy_to_leave(page: Page) -> object:
    return page.case.kind.asks and not found_in(page.middle, WORDS[page.case.language].modest)


def it_closes_with_a_wish_or_thanks(page: Page) -> object:
    return not found_in(page.paragraphs[3], WORDS[page.case.language].wishes)


def the_question_stands_in_the_middle_and_nowhere_else(page: Page) -> object:
    return "?" in page.own.replace(page.middle, "")


def the_stage_is_no_further_than_the_one_that_was_reached(page: Page) -> object:
    too_far = {
        Stage.APPLICATION: ("task", "talk", "interview", "rounds", "far"),
        Stage.ASSESSMENT: ("talk", "interview", "rounds"),
        Stage.SCREENING: ("task", "not_yet", "rounds"),
        Stage.INTERVIEW: ("task", "rounds"),
        Stage.FINAL: ("task",),
    }
    return said(page, *too_far[page.case.stage])


def the_stage_that_was_reached_is_spoken_of(page: Page) -> object:
    reached = {
        Stage.ASSESSMENT: ("task",), Stage.SCREENING: ("talk",), Stage.INTERVIEW: ("interview",),
        Stage.FINAL: ("rounds", "far"),
    }.get(page.case.stage)  # fmt: skip
    return reached and not said(page, *reached)


def only_who_wrote_is_thanked_for_writing(page: Page) -> object:
    answers = said(page, "message")
    return not answers if page.case.told else answers


def nobody_is_told_that_the_decision_was_theirs(page: Page) -> object:
    return said(page, "your_decision")


def nobody_is_thanked_more_than_twice(page: Page) -> object:
    thanks = said(page, "thanks")
    return thanks if len(thanks) > 2 else None


def it_can_be_read_in_half_a_minute(page: Page) -> object:
    length = len(page.own.split())
    return None if 35 <= length < 120 else f"{length} words"


def it_holds_no_link_no_address_and_no_number(page: Page) -> object:
    return re.findall(r"https?:|www\.|@|//|\d+|\w\.\w", page.frame)


def it_is_written_in_the_language_that_was_asked_for(page: Page) -> object:
    typical = {word.lower() for word in said(page, "typical")}
    return len(typical) < 3 or language_of(page.frame) != page.case.language


def every_sentence_is_in_that_language(page: Page) -> object:
    return [text for text in page.sentences if is_foreign(text, page.case.language)]


@cache
def is_foreign(sentence: str, language: str) -> bool:
    """Tell whether a sentence has letters or small words of another language than its own."""
    if set(re.findall(r"[^\W\da-z]", sentence.lower())) - set(LETTERS[language]):
        return True
    hits = {name: len(found_in(sentence, lists.typical)) for name, lists in WORDS.items()}
    return hits[language] < max(hits.values())


def greeting_and_farewell_are_those_of_a_letter_to_a_stranger(page: Page) -> object:
    lists, lines = WORDS[page.case.language], page.frame.splitlines()
    return not re.fullmatch(lists.greeting, lines[0]) or not re.fullmatch(lists.farewell, lines[-2])


def the_form_of_address_is_the_polite_one(page: Page) -> object:
    return said(page, "familiar")


def nobodys_gender_is_guessed(page: Page) -> object:
    forms = re.findall(r"\w\([a-zé]{1,3}\)|\w/-?[a-z]\w*|\w[*:_]in(?:nen)?\b|·e", page.frame)
    return [*forms, *found_in(page.frame, TITLES), *said(page, "gendered")]


def nobody_is_pressed_or_begged(page: Page) -> object:
    return "!" in page.own or said(page, "pressing")


def nobody_is_told_how_the_talk_was_nor_that_there_was_one(page: Page) -> object:
    return said(page, "pleasant", "together")


def it_is_right_whatever_the_mail_has_said(page: Page) -> object:
    for_no_fault = page.case.kind.reasons == UNRELATED
    return said(page, *(() if for_no_fault else ("deaf", "plans")))


def every_blank_is_filled(page: Page) -> object:
    return re.findall(r"[{}\[\]<>]|\bNone\b|\bN ?N\b|[„«“]\s*[“»”]", page.frame)


def the_typing_is_clean(page: Page) -> object:
    rough = ROUGH_IN_FRENCH if page.case.language == "fr" else ROUGH
    lines = [line for line in page.own.splitlines() if line != line.strip() or ".." in line]
    odd = set(re.findall(r"[^\w\s.,:?'-]", page.frame)) - set(MARKS.get(page.case.language, ""))
    return lines or odd or [match[0] for match in rough.finditer(page.frame)]


def sentences_begin_and_end_as_they_should(page: Page) -> object:
    greeting, first, *more, last = page.paragraphs
    low = page.case.language in LOWER_AFTER_SALUTATION and not POLITE_CAPITAL.match(first)
    ends = [part for text in (first, *more) for part in re.split(r"(?<=[.?]) ", text)]
    return (
        greeting[-1] not in ",:"
        or first[0].islower() != low
        or [text for text in (*more, last) if not text.lstrip("¿")[0].isupper()]
        or [text for text in ends if not text.endswith((".", "?"))]
    )


def it_ends_with_the_users_name(page: Page) -> object:
    return page.own.count(ME) != 1 or page.paragraphs[-1].splitlines()[-1] != ME


def it_has_five_paragraphs(page: Page) -> object:
    return len(page.paragraphs) != 5


CHECKS: tuple[Check, ...] = (
    it_goes_to_one_person_and_to_nobody_else,
    the_person_is_greeted_by_name_once_where_the_name_is_known,
    nobody_else_is_named,
    nothing_of_somebody_elses_mail_is_in_it,
    what_is_quoted_are_the_persons_own_words_without_a_link,
    the_employer_is_named_once_as_it_calls_itself,
    every_role_is_named_once_without_its_gender_tag,
    each_role_stands_in_quotation_marks_of_its_own_or_none_does,
    several_roles_are_several_applications_and_one_is_one,
    it_asks_one_question_at_most_and_thanks_ask_none,
    nothing_is_asked_without_a_question_mark,
    the_decision_is_accepted_before_anything_is_asked,
    it_is_easy_to_answer_and_easy_to_leave,
    the_question_stands_in_the_middle_and_nowhere_else,
    it_closes_with_a_wish_or_thanks,
    the_stage_is_no_further_than_the_one_that_was_reached,
    the_stage_that_was_reached_is_spoken_of,
    only_who_wrote_is_thanked_for_writing,
    nobody_is_told_that_the_decision_was_theirs,
    nobody_is_thanked_more_than_twice,
    it_can_be_read_in_half_a_minute,
    it_holds_no_link_no_address_and_no_number,
    it_is_written_in_the_language_that_was_asked_for,
    every_sentence_is_in_that_language,
    greeting_and_farewell_are_those_of_a_letter_to_a_stranger,
    the_form_of_address_is_the_polite_one,
    nobodys_gender_is_guessed,
    nobody_is_pressed_or_begged,
    nobody_is_told_how_the_talk_was_nor_that_there_was_one,
    it_is_right_whatever_the_mail_has_said,
    every_blank_is_filled,
    the_typing_is_clean,
    sentences_begin_and_end_as_they_should,
    it_ends_with_the_users_name,
    it_has_five_paragraphs,
)


def test_every_language_is_checked():
    assert list(TEMPLATES) == LANGUAGES
    assert set(WORDS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_of_every_letter_it_is_true_that(check: Check, language: str):
    for page in pages(language):
        wrong = check(page)
        assert not wrong, f"{wrong}\n\n{page}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wordings_that_can_meet_make_a_letter_too_thankful_too_long_or_too_short(language: str):
    """Not all that can meet have met: of each paragraph the worst counts, of every letter."""
    alike: dict[object, list[Page]] = {}
    for page in pages(language):
        alike.setdefault((page.case.stage, page.case.told, page.case.kind), []).append(page)
    for letters in alike.values():
        places = list(zip(*(page.paragraphs for page in letters), strict=True))
        thankful = [max(place, key=lambda text: len(thanks_in(text, language))) for place in places]
        assert len(thanks_in("\n".join(thankful), language)) <= 2, thankful
        for worst in (max, min):
            letter = [worst(place, key=lambda text: len(text.split())) for place in places]
            assert 35 <= len("\n".join(letter).split()) < 120, letter


def thanks_in(text: str, language: str) -> tuple[str, ...]:
    return found_in(text, WORDS[language].thanks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_was_read(language: str):
    table = tomllib.loads((CONFIG / "drafts" / f"{language}.toml").read_text(encoding="utf-8"))
    read = {paragraph for page in pages(language) for paragraph in page.paragraphs}
    read |= {paragraph.partition("\n")[0] for paragraph in read}
    lists = (wordings for part in table.values() if isinstance(part, dict)
             for wordings in part.values() if isinstance(wordings, list))  # fmt: skip
    unread = {
        wording
        for wordings in lists
        for wording in wordings
        if not any(map(rendered(wording).fullmatch, read))
    }
    assert not unread
    whole = "\n".join(map(str, pages(language)))
    assert f"Subject: Re: {table['subject']}" in whole
    for form in table["about"].values():
        assert any(map(rendered(form).search, read)), form


def rendered(wording: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}\\?\.?", ".+", re.escape(wording)))


# What may slip into a file of wordings, and the sentence above that it makes untrue.

SLIPS = (
    ("en", "salutation.named", "Hey {person},",
     greeting_and_farewell_are_those_of_a_letter_to_a_stranger),
    ("fr", "salutation.named", "Chère {person},", nobodys_gender_is_guessed),
    ("de", "farewell.any", "Freundliche Grüße,",
     greeting_and_farewell_are_those_of_a_letter_to_a_stranger),
    ("en", "told.application", "Thank you for writing to me about {about}. I was glad to meet you.",
     nobody_is_told_how_the_talk_was_nor_that_there_was_one),
    ("en", "told.assessment", "Thank you for writing about {about}. I was glad to pass the test.",
     nobody_is_told_how_the_talk_was_nor_that_there_was_one),
    ("it", "told.application", "grazie per il riscontro {about}, e per il tempo del colloquio.",
     the_stage_is_no_further_than_the_one_that_was_reached),
    ("pt", "told.final", "Agradeço a mensagem sobre {about}. Fiquei satisfeita com as entrevistas.",
     nobodys_gender_is_guessed),
    ("en", "heard.interview", "I have heard of {about}. Thank you for telling me, and for it.",
     only_who_wrote_is_thanked_for_writing),
    ("de", "question.interview", "Ich akzeptiere die Absage. Falls du Zeit hast: Was fehlte noch?",
     the_form_of_address_is_the_polite_one),
    ("es", "question.final", "Acepto la decisión. Si tienes un minuto, ¿en qué debo trabajar?",
     the_form_of_address_is_the_polite_one),
    ("pl", "question.screening", "Szanuję tę decyzję. Jeśli znajdziesz chwilę, co warto poprawić?",
     the_form_of_address_is_the_polite_one),
    ("en", "question.final", "I accept that. If you have a minute, what was best? And what worst?",
     it_asks_one_question_at_most_and_thanks_ask_none),
    ("en", "question.interview", "If you have a minute, what should I practise?",
     the_decision_is_accepted_before_anything_is_asked),
    ("da", "question.screening", "Jeg respekterer beslutningen. Hvad bør jeg gøre bedre?",
     it_is_easy_to_answer_and_easy_to_leave),
    ("en", "thanks.given", "I understand the decision. I wonder what else there was.",
     nothing_is_asked_without_a_question_mark),
    ("en", "closing.any", "I hope to hear from you soon.", nobody_is_pressed_or_begged),
    ("en", "closing.any", "I would also work for less.", it_closes_with_a_wish_or_thanks),
    ("en", "closing.any", "I wish you well, and my work is at mara.dev for you to see.",
     it_holds_no_link_no_address_and_no_number),
    ("nl", "closing.any", "I wish you a very good day.", every_sentence_is_in_that_language),
    ("sv", "closing.any", "Jeg ønsker jer alt godt fremover.", every_sentence_is_in_that_language),
)  # fmt: skip


@pytest.mark.parametrize(("language", "place", "slip", "check"), SLIPS)
def test_a_slip_in_one_wording_is_seen(language: str, place: str, slip: str, check: Check):
    part, situation = place.split(".")
    parts = TEMPLATES[language].parts
    slipped = {**parts, part: {**parts[part], situation: (slip,)}}
    letters = written(language, replace(TEMPLATES[language], parts=slipped))
    assert any(check(page) for page in letters)
