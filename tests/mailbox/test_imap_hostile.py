"""A server that lies, floods, stalls or breaks off costs a bounded moment, never a wrong mail."""

import collections
import contextlib
import gc
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

import pytest

from inboxbot.core.types import EPOCH, Cursor, Key, Locator, RawMail
from inboxbot.errors import MailboxError
from inboxbot.mailbox.imap import RECOVERIES, Limits, open_imap
from inboxbot.mailbox.imap_gateway import ImapGateway
from inboxbot.ports import Part
from tests.mailbox.imap_stand_in import EXAMINED, OK, QUICK, StandIn, fetched, literal, simple

pytestmark = pytest.mark.threat("D17")

LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)
MIB = 1 << 20
MANY = EXAMINED.replace(b"* 3 EXISTS", b"* 3000 EXISTS").replace(b"[UIDNEXT 40]", b"[UIDNEXT 5000]")


def resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def locators(*uids: int) -> list[Locator]:
    return [Locator(f"7;{uid};INBOX") for uid in uids]


def read(server: StandIn, *uids: int, part: Part = Part.TEXT) -> list[RawMail]:
    with open_imap(server.account(), limits=QUICK) as mailbox:
        return list(mailbox.fetch(locators(*uids), part))


def bodies_of(*uids: int) -> dict[str, object]:
    """Answer as an honest server with small text mails does."""

    def answer(command: bytes) -> bytes:
        asked = [int(uid) for uid in command.split()[3].split(b",")]
        kind = b"body" if b"BODY.PEEK[]" in command else b"facts"
        return fetched(*(simple(uid)[kind] for uid in uids if uid in asked))

    return {"UID FETCH": answer}


# -- floods and stalls -----------------------------------------------------------------------


def forever(*pieces: bytes) -> Iterator[bytes]:
    for i in count():
        yield pieces[i % len(pieces)]


def drip(data: bytes) -> Iterator[bytes]:
    for byte in data:
        yield bytes([byte])
        time.sleep(0.1)


def promised_literal(_command: bytes) -> Iterator[bytes]:
    yield b"* 1 FETCH (UID 2 BODY[] {4294967296}\r\n"
    yield from forever(b"x" * 65536)


FLOODS = {
    "a literal of 4 GiB": promised_literal,
    "a literal of 10^4000 bytes": lambda _: b"* 1 FETCH (UID 2 BODY[] {1" + b"0" * 4000 + b"}\r\n",
    "a literal longer than any int": lambda _: b"* 1 FETCH (X {1" + b"0" * 9000 + b"}\r\n",
    "untagged lines without end": lambda _: forever(b"* OK still here\r\n" * 1000),
    "tiny lines without end": lambda _: forever(b"\r\n" * 30_000),
    "a line without end": lambda _: forever(b"x" * 65536),
    "junk without end": lambda _: forever(b"junk\r\n" * 10_000),
    "continuations without end": lambda _: forever(b"+ go on\r\n" * 5000),
    "literals without end": lambda _: forever(b"* 1 FETCH (UID 2 X {65536}\r\n", b"x" * 65536),
    "structures without end": lambda _: forever(b"* 1 FETCH (UID 2 BODYSTRUCTURE " + b"(" * 50000),
}


@pytest.mark.goal("G5")
@pytest.mark.parametrize("verb", ["UID FETCH", "LIST", "LOGIN"])
@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_ends_within_bounds_of_time_and_memory(verb, kind):
    before = resident_bytes()
    started = time.monotonic()
    with StandIn({verb: FLOODS[kind]}) as server:
        try:
            with open_imap(server.account(), limits=Limits(command_seconds=4)) as mailbox:
                mailbox.folders()
                list(mailbox.slices("INBOX", None, LONG_AGO))
                mails = list(mailbox.fetch(locators(2)))
                assert [mail.data for mail in mails] == [b""]
                assert mails[0].cut
        except MailboxError:
            pass
    assert time.monotonic() - started < 5
    assert resident_bytes() - before < 32 * MIB


@pytest.mark.goal("G5")
@pytest.mark.parametrize("verb", ["UID FETCH", "UID SEARCH", "LIST", "EXAMINE", "LOGIN"])
def test_a_drip_ends_with_the_deadline(verb):
    slow = {verb: lambda _: drip(b"* OK " + b"x" * 1000)}
    started = time.monotonic()
    with StandIn(slow) as server, pytest.raises(MailboxError, match=r"not answer within 0\.5 s"):
        look_around(server, Limits(command_seconds=0.5))
    assert time.monotonic() - started < 3


def look_around(server: StandIn, limits: Limits = QUICK) -> None:
    with open_imap(server.account(), limits=limits) as mailbox:
        mailbox.folders()
        list(mailbox.slices("INBOX", None, LONG_AGO))
        list(mailbox.fetch(locators(2)))


def test_a_slow_goodbye_is_not_waited_for():
    started = time.monotonic()
    with StandIn({"LOGOUT": lambda _: drip(b"x" * 1000)}) as server:
        look_around(server)
    assert time.monotonic() - started < 1


def test_a_greeting_that_drips_ends_with_the_deadline():
    started = time.monotonic()
    with (
        StandIn(greeting=b"* OK never ends") as server,
        pytest.raises(MailboxError, match="did not answer within 1 s"),
        open_imap(server.account(), limits=QUICK),
    ):
        pass
    assert time.monotonic() - started < 3


def test_the_whole_session_has_a_bound_too():
    body = b"x" * 60_000
    limits = Limits(command_seconds=2, session_octets=200_000)
    said = {"UID FETCH": fetched(b"UID 2 BODY[HEADER]<0> " + literal(body))}
    with StandIn(said) as server, open_imap(server.account(), limits=limits) as mailbox:
        # A new connection has a new allowance, but there are only so many of them.
        fetches = (mailbox.fetch(locators(2), Part.HEADERS) for _ in range(100))
        with pytest.raises(MailboxError):
            collections.deque(chain.from_iterable(fetches), maxlen=0)
    assert server.connections == 1 + RECOVERIES


# -- wrong messages --------------------------------------------------------------------------


def test_only_the_uids_asked_for_are_read():
    answers = bodies_of(2, 3)
    liar = {
        "UID FETCH": lambda command: (
            answers["UID FETCH"](command).removesuffix(OK)
            + fetched(simple(99)[b"facts"], simple(98)[b"body"], simple(0)[b"facts"])
        ),
    }
    with StandIn(liar) as server:
        assert [mail.locator for mail in read(server, 3, 2)] == locators(3, 2)


def test_a_flag_that_another_client_changes_is_not_the_flag_of_a_uid_of_that_number():
    def answer(command: bytes) -> bytes:
        # Sequence number 2 has UID 50; the message asked for has UID 2.
        return b"* 2 FETCH (FLAGS (\\Deleted))\r\n" + bodies_of(2)["UID FETCH"](command)

    with StandIn({"UID FETCH": answer}) as server:
        (mail,) = read(server, 2)
    assert mail.flags == {"\\Seen"}


def test_two_messages_of_one_sequence_number_are_not_mixed():
    def answer(command: bytes) -> bytes:
        kind = b"body" if b"BODY.PEEK[]" in command else b"facts"
        first, second = simple(2, b"Subject: two\r\n\r\n"), simple(3, b"Subject: three\r\n\r\n")
        lines = [b"* 1 FETCH (%s)\r\n" % said[kind] for said in (first, second)]
        return lines[0] + b"* 1 EXPUNGE\r\n" + lines[1] + OK

    with StandIn({"UID FETCH": answer}) as server:
        two, three = read(server, 2, 3)
    assert (two.data, three.data) == (b"Subject: two\r\n\r\n", b"Subject: three\r\n\r\n")


def test_uids_are_strict_numbers_in_order_and_once():
    found = b"* SEARCH 40 41 0 41 39 4294967296 99999999999999999999 45 4294967295 42\r\n" + OK
    with (
        StandIn({"UID SEARCH": found}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
    ):
        cursor = Cursor('{"uidvalidity":7,"uidnext":40}')
        (only,) = mailbox.slices("INBOX", cursor, LONG_AGO)
    assert only.locators == tuple(locators(40, 41, 42, 45, 4294967295))
    assert server.said("UID SEARCH") == [b"UID SEARCH UID 40:*\r\n"]


def test_the_last_message_is_not_new_though_it_answers_every_range():
    with (
        StandIn({"UID SEARCH": b"* SEARCH 39\r\n" + OK}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
    ):
        cursor = Cursor('{"uidvalidity":7,"uidnext":40}')
        (only,) = mailbox.slices("INBOX", cursor, LONG_AGO)
    assert only.locators == ()
    assert not only.restarted


def test_a_uidnext_that_went_back_voids_the_cursor():
    cursor = Cursor('{"uidvalidity":7,"uidnext":4294967295}')
    with StandIn() as server, open_imap(server.account(), limits=QUICK) as mailbox:
        (only,) = mailbox.slices("INBOX", cursor, LONG_AGO)
    assert only.restarted
    assert only.cursor == '{"uidvalidity":7,"uidnext":40}'


def test_a_locator_of_another_uidvalidity_reads_nothing():
    with StandIn(bodies_of(2)) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert not list(mailbox.fetch([Locator("6;2;INBOX")]))
        assert len(list(mailbox.fetch([Locator("7;2;INBOX")]))) == 1


def test_a_search_that_lies_is_looked_through():
    headers = {2: b"<other@x>", 3: b"<abc@x>"}
    said = fetched(
        *(
            b"UID %d BODY[HEADER.FIELDS (MESSAGE-ID)]<0> " % uid
            + literal(b"Message-ID: " + value + b"\r\n\r\n")
            for uid, value in headers.items()
        )
    )
    answers = {"UID FETCH": said, "UID SEARCH": b"* SEARCH 2 3\r\n" + OK, "EXAMINE": MANY}
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.find("INBOX", Key("abc")) == (Locator("7;3;INBOX"),)
    assert server.said("UID SEARCH") == [
        b"UID SEARCH UID 4800:*\r\n",
        b"UID SEARCH HEADER Message-ID abc\r\n",
    ]


def test_a_search_that_misses_does_not_hide_what_is_new():
    def search(command: bytes) -> bytes:
        return (b"* SEARCH 4990\r\n" if b"UID 4800:*" in command else b"* SEARCH\r\n") + OK

    said = fetched(b'UID 4990 BODY[HEADER.FIELDS (MESSAGE-ID)]<0> "Message-ID: <abc@x>"')
    answers = {"UID FETCH": said, "UID SEARCH": search, "EXAMINE": MANY}
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.find("INBOX", Key("abc")) == (Locator("7;4990;INBOX"),)


def test_a_folder_without_uidvalidity_is_refused():
    answers = {"EXAMINE": b"* 3 EXISTS\r\n* OK [UIDNEXT 4] ok\r\n" + OK}
    with (
        StandIn(answers) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
        pytest.raises(MailboxError, match="no UIDVALIDITY"),
    ):
        list(mailbox.slices("INBOX", None, LONG_AGO))


def test_without_uidnext_the_newest_message_tells_it():
    examined = EXAMINED.replace(b"* OK [UIDNEXT 40] ok\r\n", b"")
    answers = {"EXAMINE": examined, "UID SEARCH": b"* SEARCH 5 12\r\n" + OK}
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.mark("INBOX") == '{"uidvalidity":7,"uidnext":13}'


# -- one bad message -------------------------------------------------------------------------


BROKEN_STRUCTURES = {
    "an open bracket": b'("text" "plain" (',
    "an empty list": b"()",
    "numbers": b"(1 2 3 4 5 6 7 8 9)",
    "five thousand levels": b"(" * 5000 + b'"text"' + b")" * 5000,
    "forty levels": b'("text" "plain" NIL NIL NIL "7bit" 5 1)'.join([b"(" * 40, b' "mixed")' * 40]),
    "too long a line": b'("text" "plain" ("name" "' + b"x" * 300_000 + b'") NIL NIL "7bit" 5 1)',
    "a newline in a quoted string": b'("text" "plain" ("name" "a\r\nb") NIL NIL "7bit" 5 1)',
    "a bare newline in a quoted string": b'("text" "plain" ("name" "a\nb) NIL NIL "7bit" 5 1)',
    "no size": b'("text" "plain" NIL NIL NIL "7bit" NIL 1)',
    "a literal that looks like a response": b'("text" "plain" ("name" {41}\r\n'
    b'* 1 FETCH (UID 3 FLAGS (\\Deleted) X "a")\r\n NIL NIL "7bit" 5 1)',
    "a bracket in a flag": b'("text" "plain" NIL NIL NIL "7bit" 5 1) FLAGS ($[x)',
    "nothing": b"NIL",
}


@pytest.mark.parametrize("kind", BROKEN_STRUCTURES)
def test_a_mail_with_a_broken_structure_is_read_plainly_and_the_others_as_ever(kind):
    honest = bodies_of(2, 4)["UID FETCH"]
    broken = b"UID 3 RFC822.SIZE 5 BODYSTRUCTURE " + BROKEN_STRUCTURES[kind]

    def answer(command: bytes) -> bytes:
        asked = command.split()[3].split(b",")
        if b"3" not in asked:
            return honest(command)
        if b"BODYSTRUCTURE" in command:
            return fetched(broken).removesuffix(OK) + honest(command)
        return fetched(simple(3)[b"body"]).removesuffix(OK) + honest(command)

    with StandIn({"UID FETCH": answer}) as server:
        mails = read(server, 2, 3, 4)
    assert [mail.locator for mail in mails] == locators(2, 3, 4)
    assert [mail.data for mail in mails] == [b"Subject: hello\r\n\r\nhello\r\n"] * 3
    assert [mail.flags for mail in mails[::2]] == [{"\\Seen"}] * 2


def refusing(*uids: int, how: bytes, items: bytes = b"") -> object:
    """Answer as an honest server that cannot read some messages in some way."""
    honest = bodies_of(2, 3, 4)["UID FETCH"]

    def answer(command: bytes) -> bytes:
        asked = {int(uid) for uid in command.split()[3].split(b",")}
        return how if asked & set(uids) and items in command else honest(command)

    return answer


@pytest.mark.parametrize(
    "how",
    [
        b"TAG NO [SERVERBUG] Internal error\r\n",
        b"TAG BAD what\r\n",
        b"* 2 FETCH (UID 3 garbage\r\nTAG NO sorry\r\n",
        b"* BYE crashed\r\n",
    ],
)
def test_a_message_that_the_server_cannot_read_is_an_empty_mail_and_the_others_are_read(how):
    with StandIn({"UID FETCH": refusing(3, how=how)}) as server:
        limits = Limits(command_seconds=2)
        with open_imap(server.account(), limits=limits) as mailbox:
            two, three, four = mailbox.fetch(locators(2, 3, 4))
    assert (two.cut, four.cut) == (False, False)
    assert (three.data, three.cut, three.received) == (b"", True, EPOCH)


def test_a_message_that_crashes_its_server_by_its_structure_is_read_without():
    answer = refusing(3, how=b"* BYE crashed\r\n", items=b"BODYSTRUCTURE")
    with StandIn({"UID FETCH": answer}) as server:
        two, three, four = read(server, 2, 3, 4)
    assert three.data == two.data == four.data
    assert server.connections == 3


def test_a_server_that_always_breaks_off_is_given_up():
    with (
        StandIn({"UID FETCH": b"* BYE no\r\n"}) as server,
        pytest.raises(MailboxError, match="keeps ending the connection"),
    ):
        read(server, *range(2, 39))
    assert server.connections == 1 + RECOVERIES


def test_a_message_that_is_gone_is_left_out():
    with StandIn(bodies_of(2, 4)) as server:
        assert [mail.locator for mail in read(server, 2, 3, 4)] == locators(2, 4)


def test_a_message_that_is_removed_while_it_is_fetched_is_left_out():
    def answer(command: bytes) -> bytes:
        if b"BODYSTRUCTURE" in command:
            return fetched(simple(2)[b"facts"], simple(3)[b"facts"])
        return fetched(b"UID 2 BODY[]<0> NIL", simple(3)[b"body"])

    with StandIn({"UID FETCH": answer}) as server:
        assert [mail.locator for mail in read(server, 2, 3)] == locators(3)


def test_a_server_that_ignores_the_bound_of_a_part_is_cut_here():
    big = b"Subject: x\r\n\r\n" + b"y" * (2 * MIB)
    facts = simple(2)[b"facts"]

    def answer(command: bytes) -> bytes:
        whole = b"UID 2 BODY[] " + literal(big)
        return fetched(facts if b"BODYSTRUCTURE" in command else whole)

    with StandIn({"UID FETCH": answer}) as server:
        (mail,) = read(server, 2)
    assert len(mail.data) == MIB
    assert mail.cut


@pytest.mark.parametrize(
    "date", [b'"99-Foo-2020 10:00:00 +0000"', b'"01-Jan-2020 00:00:00 +9999"', b"NIL", b"5", b"(1)"]
)
def test_a_message_without_a_date_counts_as_old(date):
    said = fetched(b"UID 2 INTERNALDATE " + date + b' BODY[HEADER]<0> "Subject: x"')
    with StandIn({"UID FETCH": said}) as server:
        (mail,) = read(server, 2, part=Part.HEADERS)
    assert mail.received == EPOCH


# -- campaigns -------------------------------------------------------------------------------


def visit(server: StandIn) -> list[RawMail]:
    with open_imap(server.account(), limits=QUICK) as mailbox:
        mailbox.folders()
        mailbox.mark("Drafts")
        mailbox.find("Drafts", Key("abc"))
        mailbox.save_draft(b"Message-ID: <abc@x>\r\n\r\n", Key("abc"))
        for piece in mailbox.slices("INBOX", None, LONG_AGO):
            return list(mailbox.fetch(piece.locators))
    raise AssertionError


def honest_answers() -> dict[str, object]:
    return {**bodies_of(2, 3, 4), "UID SEARCH": b"* SEARCH 2 3 4\r\n" + OK}


def test_an_honest_visit_reads_three_mails():
    with StandIn(honest_answers()) as server:
        assert len(visit(server)) == 3


def mutated(answer: bytes, rng: random.Random) -> bytes:
    data = bytearray(answer)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data) + 1)
        how = rng.randrange(5)
        if how == 0:
            data[place : place + 1] = bytes([rng.randrange(256)])
        elif how == 1:
            del data[place : place + rng.randint(1, 30)]
        elif how == 2:
            data[place:place] = rng.choice(
                [b"(", b")", b'"', b"{3}\r\n", b"\r\n", b"* ", b"TAG ", b"NIL", b"0", b"[", b"]"]
            )
        elif how == 3:
            end = place + rng.randint(1, 60)
            data[place:place] = data[place:end]
        else:
            data[place:place] = str(rng.choice([0, -1, 2**32, 10**30, 3])).encode()
    return bytes(data)


@pytest.mark.goal("G5")
@pytest.mark.parametrize("seed", range(6))
def test_no_mangled_answer_does_more_than_fail(seed, share):
    rng = random.Random(seed)
    limits = Limits(connect_seconds=1, command_seconds=0.05, farewell_seconds=0.02)
    for _ in range(share(40, 1000)):
        verb = rng.choice(["UID FETCH", "UID FETCH", "UID SEARCH", "EXAMINE", "LIST", "APPEND"])
        honest = honest_answers()
        usual = {"EXAMINE": EXAMINED, "LIST": b'* LIST () "/" INBOX\r\n' + OK, "APPEND": OK}
        original = honest.get(verb, usual.get(verb))

        def answer(command: bytes, original=original) -> bytes:
            said = original(command) if callable(original) else original
            return mutated(said, rng)

        with StandIn({**honest, verb: answer}) as server, contextlib.suppress(MailboxError):
            look_at_each(server, limits)


def look_at_each(server: StandIn, limits: Limits) -> None:
    with open_imap(server.account(), limits=limits) as mailbox:
        mailbox.folders()
        mailbox.mark("INBOX")
        for piece in mailbox.slices("INBOX", None, LONG_AGO):
            for mail in mailbox.fetch(piece.locators):
                assert mail.locator in piece.locators


@pytest.mark.goal("G14")
def test_a_session_cut_anywhere_fails_as_a_mailbox_error_and_leaks_nothing(share):
    whole = sum(len(piece) for piece in _session_bytes())
    for offset in range(0, whole, share(7, 1)):
        answers, spent = honest_answers(), _Cut(offset)
        cut = {verb: spent.around(said) for verb, said in answers.items()}
        with StandIn(cut) as server, contextlib.suppress(MailboxError):
            assert len(visit(server)) <= 3


def _session_bytes() -> list[bytes]:
    answers = bodies_of(2, 3, 4)["UID FETCH"]
    asked = [b"t UID FETCH 2,3,4 (BODYSTRUCTURE)\r\n", b"t UID FETCH 2,3,4 (BODY.PEEK[])\r\n"]
    return [b"* SEARCH 2 3 4\r\n" + OK, *(answers(command) for command in asked)]


class _Cut:
    """Lets so many octets of answers through, then says goodbye in the middle of it."""

    def __init__(self, octets: int) -> None:
        self._left = octets

    def around(self, answer: object) -> object:
        def limited(command: bytes) -> Iterator[bytes]:
            said = answer(command) if callable(answer) else answer
            yield said[: self._left]
            if len(said) > self._left:
                self._left = 0
                raise OSError("cut")
            self._left -= len(said)

        return limited


def test_a_gateway_that_was_left_says_so():
    with (
        StandIn({"LIST": b"* BYE go away\r\n"}) as server,
        ImapGateway(server.account(), QUICK) as gateway,
    ):
        with pytest.raises(MailboxError, match="ended the connection"):
            gateway.list_folders()
        with pytest.raises(MailboxError, match="connection is closed"):
            gateway.examine("INBOX")
