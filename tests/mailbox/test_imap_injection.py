"""One tagged line per call, whatever stands in the arguments (THREATS D4, fact 1)."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from inboxbot.core.types import Cursor, Key, Locator, Mark
from inboxbot.errors import MailboxError
from inboxbot.mailbox.imap import Limits, open_imap
from inboxbot.mailbox.imap_gateway import ImapGateway
from tests.mailbox.imap_stand_in import OK, QUICK, StandIn, fetched

pytestmark = pytest.mark.threat("D4")

LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)
PIECES = (
    *("\r\n", "\n", "\r", "\0", "\x7f", "\t", "\x1b", "\v", "\u2028", "\x85", "\u0130"),
    *('"', "\\", "{5}", "{5+}", "(", ")", "%", "*", "&", "&-", "&AAo-", "+", "[", "]", "~", ";"),
    *("a1 DELETE INBOX", "x LOGOUT", "* BYE", "UID STORE 1:* +FLAGS (\\Deleted)", "é", "日本", " "),
    *("INBOX", "Drafts", "1:*", "ALL", "BODY[]", "\ud800", "A0001 OK", "BODY.PEEK[]", "2", ","),
)

Call = Callable[[ImapGateway, str], object]
GATEWAY_CALLS: dict[str, Call] = {
    "examine": lambda gateway, text: gateway.examine(text),
    "select": lambda gateway, text: gateway.select(text),
    "search a key": lambda gateway, text: gateway.search_key(Key(text)),
    "fetch": lambda gateway, text: gateway.fetch([2], (text,)),
    "append": lambda gateway, text: gateway.append(text, b"Subject: x\r\n\r\n", ("\\Seen",)),
    "move": lambda gateway, text: gateway.move(2, text),
    "copy": lambda gateway, text: gateway.copy(2, text),
}


def payload(rng: random.Random) -> str:
    return "".join(rng.choices(PIECES, k=rng.randint(1, 4)))


def is_one_tagged_line(command: bytes) -> bool:
    """Return whether what was heard is a single command, its literal apart."""
    line, _, literal = command.partition(b"}\r\n")
    tag = line.partition(b" ")[0]
    if literal:
        return tag.isalnum() and b"\r" not in line and b"\n" not in line
    return tag.isalnum() and command.count(b"\r") == 1 and command.count(b"\n") == 1


@pytest.mark.goal("G4")
def test_no_payload_makes_a_second_line(share):
    payloads = share(10_000, 100_000)
    rng = random.Random(4)
    server = StandIn()
    with server, ImapGateway(server.account(), Limits()) as gateway:
        refused = 0
        for _ in range(payloads):
            call = rng.choice(list(GATEWAY_CALLS.values()))
            before = len(server.heard)
            try:
                call(gateway, payload(rng))
            except MailboxError:
                refused += 1
            lines = server.heard[before:]
            assert len(lines) <= 1
            assert all(map(is_one_tagged_line, lines))
            if not gateway._usable:
                gateway.reconnect()
    assert payloads / 4 < refused < payloads


@pytest.mark.parametrize("character", [chr(code) for code in (*range(0x20), 0x7F)])
@pytest.mark.parametrize("name", GATEWAY_CALLS)
def test_a_control_character_reaches_no_wire(name, character):
    server = _quiet_server()
    before = len(server.heard)
    with pytest.raises(MailboxError):
        GATEWAY_CALLS[name](_QUIET["gateway"], f"a{character}b")
    assert len(server.heard) == before


_QUIET: dict[str, object] = {}


def _quiet_server() -> StandIn:
    return _QUIET["server"]


@pytest.fixture(autouse=True, scope="module")
def _quiet():
    """One server for the many small refusals: none of them says a word to it."""
    with StandIn() as server, ImapGateway(server.account(), QUICK) as gateway:
        _QUIET.update(server=server, gateway=gateway)
        yield


@pytest.mark.parametrize("text", ["x\r\ny", "a b", 'k"', "(", "ü", "", "k*", "k\\"])
def test_a_search_takes_keys_alone(text):
    with pytest.raises(MailboxError, match="no key"):
        _QUIET["gateway"].search_key(Key(text))


@pytest.mark.parametrize("uid", [0, -1, 1 << 32, 1 << 70])
def test_a_uid_is_a_uint32_or_nothing_is_sent(uid):
    gateway, server = _QUIET["gateway"], _quiet_server()
    before = len(server.heard)
    for call in (
        lambda: gateway.fetch([uid], ("FLAGS",)),
        lambda: gateway.move(uid, "Trash"),
        lambda: gateway.copy(uid, "Trash"),
        lambda: gateway.mark_deleted(uid),
        lambda: gateway.expunge(uid),
        lambda: gateway.search_new(uid),
    ):
        with pytest.raises(MailboxError, match="no UID"):
            call()
    assert len(server.heard) == before


@pytest.mark.parametrize("setting", ["user", "host"])
@pytest.mark.parametrize("text", ["a\r\nx LOGOUT", "a\0b", "\x7f"])
def test_an_account_with_a_control_character_is_never_connected(setting, text):
    with (
        StandIn() as server,
        pytest.raises(MailboxError, match="control character"),
        open_imap(server.account(**{setting: text})),
    ):
        pass
    assert not server.raw


@pytest.mark.parametrize("auth", ["password", "xoauth2"])
def test_a_password_with_a_control_character_is_never_sent_nor_shown(auth):
    account_password = "hunter2\r\nx LOGOUT"
    with StandIn() as server:
        account = server.account(password=lambda: account_password, auth=auth)
        with pytest.raises(MailboxError, match="control character") as refusal, open_imap(account):
            pass
    assert "hunter2" not in str(refusal.value)
    assert not server.saw_a_login


@pytest.mark.parametrize(
    "locator",
    [
        "7;2;INBOX\r\nx LOGOUT",
        "7;2:*;INBOX",
        "7;2,3;INBOX",
        "7;;INBOX",
        "7;-2;INBOX",
        "7;٢;INBOX",
        "INBOX",
        "",
        "7;99999999999;INBOX",
        "7;4294967296;INBOX",
    ],
)
def test_a_locator_that_is_none_reads_nothing(locator):
    with StandIn() as server, open_imap(server.account(), limits=QUICK) as mailbox:
        if "\r" in locator:
            with pytest.raises(MailboxError, match="control character"):
                list(mailbox.fetch([Locator(locator)]))
        else:
            assert not list(mailbox.fetch([Locator(locator)]))
            assert not mailbox.withdraw(Locator(locator))
    assert not server.said("UID FETCH")


@pytest.mark.parametrize(
    "position",
    [
        "\r\nx LOGOUT",
        '{"uidvalidity":7,"uidnext":"1:*"}',
        '{"uidvalidity":7,"uidnext":-1}',
        '{"uidvalidity":7,"uidnext":1e99}',
        '{"uidvalidity":7,"uidnext":99999999999999999999}',
        "[]",
        "null",
        "",
    ],
)
def test_a_cursor_or_mark_that_is_none_is_void(position):
    with StandIn() as server, open_imap(server.account(), limits=QUICK) as mailbox:
        (only,) = mailbox.slices("INBOX", Cursor(position), LONG_AGO)
        assert only.restarted
        assert mailbox.find("INBOX", Key("k"), Mark(position)) == ()
    assert all(b"UID SEARCH SINCE " in c or b"UID SEARCH UID 1:*" in c for c in searches(server))


def searches(server: StandIn) -> list[bytes]:
    return [command for command in server.heard if b"SEARCH" in command]


def test_a_folder_whose_listed_name_holds_a_newline_is_not_there():
    listed = (
        b'* LIST () "/" INBOX\r\n'
        b'* LIST (\\Drafts) "/" {19}\r\nDrafts\r\na1 DELETE x\r\n'
        b'* LIST (\\Trash) "/" "&AA0ACg-"\r\n' + OK
    )
    with StandIn({"LIST": listed}) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        found = mailbox.folders()
    assert (found.drafts, found.trash, found.others) == (None, None, ())


def test_quotes_in_user_and_password_stay_inside_their_quotes():
    with StandIn() as server:
        account = server.account(user='do"main\\al ice', password=lambda: 'p"a\\s s')
        with open_imap(account, limits=QUICK):
            pass
    assert server.said("LOGIN") == [b'LOGIN "do\\"main\\\\al ice" "p\\"a\\\\s s"\r\n']


def test_what_a_mail_says_in_its_structure_is_never_a_section_to_fetch():
    evil = (
        b"UID 2 RFC822.SIZE 9000000 BODYSTRUCTURE "
        b'(("text" "plain" ("charset" "x] x LOGOUT") NIL NIL "7bit\\"" 5 1 NIL NIL NIL NIL)'
        b'("image" "png\\" x" NIL NIL NIL "base64" 9 NIL ("attachment" ("filename" "a"))) "mixed")'
    )
    with (
        StandIn({"UID FETCH": fetched(evil)}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
    ):
        (mail,) = mailbox.fetch([Locator("7;2;INBOX")])
    assert server.said("UID FETCH")[1] == (
        b"UID FETCH 2 (UID BODY.PEEK[HEADER]<0.262144> "
        b"BODY.PEEK[1.MIME]<0.8192> BODY.PEEK[1]<0.262144>)\r\n"
    )
    assert b"LOGOUT" not in mail.data
