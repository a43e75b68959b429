"""What of a mail is fetched, and that what is put together again reads as the original did."""

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxbot.core.types import Locator
from inboxbot.mailbox import imap_structure
from inboxbot.mailbox.imap import open_imap
from inboxbot.mailbox.imap_structure import Leaf, Multipart, parse, rebuild, wanted_leaves
from tests.mailbox.imap_stand_in import QUICK, StandIn, fetched, literal

HEADER = (
    b"From: hr@employer.example\r\nSubject: Your application\r\n"
    b"Content-Type: multipart/mixed;\r\n\tboundary=original\r\n"
    b"CONTENT-TRANSFER-ENCODING: 8bit\r\nX-After: kept\r\n\r\n"
)


def text(subtype: bytes = b"plain", disposition: object = None, size: int = 100) -> tuple:
    return (
        b"text",
        subtype,
        (b"charset", b"utf-8"),
        None,
        None,
        b"7bit",
        size,
        3,
        None,
        disposition,
    )


def image(disposition: object = None) -> tuple:
    return (b"image", b"png", None, None, None, b"base64", 99_999, None, disposition)


def multipart(subtype: bytes, *parts: tuple, parameters: object = None) -> tuple:
    return (list(parts), subtype, parameters, None)


ATTACHED = (b"ATTACHMENT", (b"filename", b"a.txt"))
FORWARDED = (
    b"message",
    b"rfc822",
    None,
    None,
    None,
    b"7bit",
    500,
    (None,) * 10,
    text(),
    9,
    None,
    None,
)
DELIVERY = (b"message", b"delivery-status", None, None, None, b"7bit", 300, None, None)
CALENDAR = (
    b"text",
    b"calendar",
    (b"method", b"REQUEST"),
    None,
    None,
    b"7bit",
    300,
    9,
    None,
    ATTACHED,
)


def wanted(structure: tuple) -> list[tuple[str, str]]:
    root = parse(structure)
    assert root is not None
    return [(leaf.section, leaf.kind) for leaf in wanted_leaves(root)]


def test_parts_are_numbered_as_fetch_numbers_them():
    inner = multipart(b"alternative", text(), multipart(b"related", text(b"html"), image()))
    assert wanted(multipart(b"mixed", inner, image(), text())) == [
        ("1.1", "text/plain"),
        ("1.2.1", "text/html"),
        ("3", "text/plain"),
    ]
    assert wanted(text()) == [("1", "text/plain")]


@pytest.mark.parametrize(
    ("part", "is_wanted"),
    [
        (text(), True),
        (text(b"html"), True),
        (text(b"rfc822-headers"), True),
        (text(disposition=ATTACHED), False),
        (text(disposition=b"attachment"), False),
        (text(disposition=(b"inline", None)), True),
        (CALENDAR, True),
        (DELIVERY, True),
        (image(), False),
        (image((b"inline", None)), False),
        (FORWARDED, False),
        # What a server tells of "Content-Type: text plain": RFC 2045 §5.2 makes it text.
        ((b"", b"", None, None, None, b"7bit", 9, None, None), True),
        ((b"", b"", None, None, None, b"7bit", 9, None, ATTACHED), False),
        ((b"", b"", None, None, None, b"base64", 9, None, None), False),
        ((b"text", b"", None, None, None, b"7bit", 9, 1, None, ATTACHED), False),
        ((b"message", b"disposition-notification", None, None, None, b"7bit", 9, None, None), True),
        ((b"application", b"pdf", None, None, None, b"base64", 9, None, None), False),
    ],
)
def test_text_calendar_and_delivery_status_are_fetched_and_nothing_else(part, is_wanted):
    assert bool(wanted(multipart(b"mixed", part))) is is_wanted


def test_no_more_than_sixteen_parts_are_fetched():
    assert len(wanted(multipart(b"mixed", *[text()] * 50))) == imap_structure.MAX_PARTS


def test_alternatives_stay_alternatives_and_attachments_leave_no_trace():
    structure = multipart(
        b"mixed", multipart(b"alternative", text(), text(b"html")), image(ATTACHED)
    )
    sections = {
        "1.1": b"plain words\r\n",
        "1.1.MIME": b"Content-Type: text/plain; charset=utf-8\r\n\r\n",
        "1.2": b"<p>html words",
        "1.2.MIME": b"Content-Type: text/html\r\nContent-Transfer-Encoding: 7bit\r\n\r\n",
    }
    root = parse(structure)
    mail = email.message_from_bytes(rebuild(HEADER, root, sections), policy=email.policy.default)
    assert mail.get_content_type() == "multipart/mixed"
    assert mail["Subject"] == "Your application"
    assert mail["X-After"] == "kept"
    assert mail.get_all("Content-Transfer-Encoding") is None
    (alternative,) = mail.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    plain, html = alternative.iter_parts()
    assert plain.get_content() == "plain words\r\n"
    assert html.get_content().strip() == "<p>html words"
    assert not any(part.defects for part in mail.walk())


def test_a_multipart_without_parts_cannot_be_followed():
    courier = (b"multipart", b"mixed", (b"boundary", b"x"), None, None, b"8bit", 14, None, None)
    assert parse(courier) is None
    assert parse(multipart(b"mixed", text(), courier)) is None


def test_a_report_is_still_known_as_one():
    structure = multipart(
        b"report", text(), DELIVERY, parameters=(b"report-type", b"delivery-status")
    )
    sections = {"1": b"words\r\n", "2": b"Action: failed\r\n"}
    mail = email.message_from_bytes(rebuild(HEADER, parse(structure), sections))
    assert mail.get_content_type() == "multipart/report"
    assert mail.get_param("report-type") == "delivery-status"
    assert [part.get_content_type() for part in mail.get_payload()] == [
        "text/plain",
        "message/delivery-status",
    ]


def test_a_part_without_its_own_header_gets_one_from_the_structure():
    root = parse(multipart(b"mixed", text(b"html")))
    mail = email.message_from_bytes(rebuild(HEADER, root, {"1": b"<p>"}))
    (html,) = mail.get_payload()
    assert html.get_content_type() == "text/html"
    assert html.get_content_charset() == "utf-8"


def test_a_mail_of_an_attachment_alone_is_an_empty_text():
    mail = email.message_from_bytes(rebuild(HEADER, parse(image()), {}))
    assert (mail.get_content_type(), mail.get_payload()) == ("text/plain", "")
    assert mail["From"] == "hr@employer.example"


def test_a_single_text_keeps_the_header_it_has():
    header = b"Subject: x\r\nContent-Type: text/html; charset=latin-1\r\n\r\n"
    assert rebuild(header, parse(text(b"html")), {"1": b"<p>"}) == header + b"<p>"


def test_a_text_that_knows_the_boundary_does_not_end_its_part():
    evil = b"--=_part_1--\r\nContent-Type: text/html\r\n\r\n--=_part_2\r\n"
    root = parse(multipart(b"mixed", text(), text()))
    mail = email.message_from_bytes(rebuild(HEADER, root, {"1": evil, "2": b"end\r\n"}))
    first, second = mail.get_payload()
    assert (first.get_payload(), second.get_payload()) == (evil.decode(), "end\r\n")


def test_the_same_pieces_make_the_same_mail():
    root = parse(multipart(b"mixed", text(), text()))
    pieces = {"1": b"a", "2": b"b"}
    assert rebuild(HEADER, root, pieces) == rebuild(HEADER, root, dict(pieces))


@pytest.mark.parametrize(
    "subtype", [b'mixed"; x="y', b"mixed\r\nBcc: a@b", b"\xff", b"", None, 7, b"x" * 500]
)
def test_a_subtype_that_is_no_token_reaches_no_header(subtype):
    root = parse(multipart(subtype, text()))
    assert isinstance(root, Multipart)
    assert b"multipart/mixed;" in rebuild(HEADER, root, {"1": b"x"})


ATOMS = st.none() | st.integers(-5, 1 << 40) | st.binary(max_size=12)
ODD_STRUCTURES = st.recursive(
    ATOMS | st.sampled_from([b"text", b"plain", b"message", b"rfc822", b"attachment", b"charset"]),
    lambda inner: st.lists(inner, max_size=12) | st.lists(inner, max_size=12).map(tuple),
    max_leaves=40,
)


@given(ODD_STRUCTURES)
def test_no_structure_raises(structure):
    root = parse(structure)
    assert root is None or isinstance(root, Leaf | Multipart)
    if root is not None:
        sections = {leaf.section: b"x" for leaf in wanted_leaves(root)}
        email.message_from_bytes(rebuild(HEADER, root, sections))


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
def test_no_fetched_octets_raise_or_hide_the_next_part(header, mime, body):
    root = parse(multipart(b"mixed", text(), text()))
    sections = {"1": body, "1.MIME": mime, "2": b"last", "2.MIME": b"X-Part: 2\r\n\r\n"}
    made = rebuild(header, root, sections)
    assert made.endswith(b"X-Part: 2\r\n\r\nlast\r\n--=_part_1--\r\n") or b"=_part_1" in (
        header + mime + body
    )


def test_mails_of_like_parts_are_fetched_with_one_command():
    structure = (
        b'(("text" "plain" NIL NIL NIL "7bit" 5 1)("image" "png" NIL NIL NIL "base64" 9) "mixed")'
    )

    def answer(command: bytes) -> bytes:
        uids = command.split()[3].split(b",")
        if b"BODYSTRUCTURE" in command:
            return fetched(
                *(b"UID %s RFC822.SIZE 9000 BODYSTRUCTURE %s" % (uid, structure) for uid in uids)
            )
        return fetched(
            *(
                b"UID %s BODY[HEADER]<0> %s BODY[1.MIME]<0> {0}\r\n BODY[1]<0> %s"
                % (uid, literal(HEADER), literal(b"words of " + uid))
                for uid in uids
            )
        )

    with (
        StandIn({"UID FETCH": answer}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
    ):
        mails = list(mailbox.fetch([Locator(f"7;{uid};INBOX") for uid in (5, 3, 4)]))
    for uid, mail in zip((5, 3, 4), mails, strict=True):
        assert b"words of %d" % uid in mail.data
    assert len(server.said("UID FETCH")) == 2
    assert not any(mail.cut for mail in mails)


def test_a_long_text_is_cut_and_said_to_be():
    structure = b'("text" "plain" NIL NIL NIL "7bit" 5000000 1)'

    def answer(command: bytes) -> bytes:
        if b"BODYSTRUCTURE" in command:
            return fetched(b"UID 2 RFC822.SIZE 5000100 BODYSTRUCTURE " + structure)
        body = literal(b"y" * imap_structure.PART_OCTETS)
        return fetched(b"UID 2 BODY[HEADER]<0> %s BODY[1]<0> %s" % (literal(HEADER), body))

    with (
        StandIn({"UID FETCH": answer}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
    ):
        (mail,) = mailbox.fetch([Locator("7;2;INBOX")])
    assert mail.cut
    assert len(mail.data) == len(HEADER) + imap_structure.PART_OCTETS
