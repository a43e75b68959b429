"""What setup shows before anything is agreed to: recruiting mail, folders worth watching, Junk."""

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from imapclient import IMAPClient

from inboxbot.classify.thresholds import read_thresholds
from inboxbot.core.contact import Owner
from inboxbot.core.types import Label
from inboxbot.errors import MailboxError
from inboxbot.mailbox.memory import MemoryMailbox
from inboxbot.ports import Folders, MailReader
from inboxbot.propose import Preview, Proposed, preview
from inboxbot.reader import Reader
from inboxbot.resources import MODELS
from inboxbot.scan import Scan
from inboxbot.senders import load_senders
from tests.mailbox.benches import NOW, Arrival, Bench, MaildirBench, MemoryBench, dovecot_bench
from tests.servers.dovecot import Account, Dovecot
from tests.servers.folders import GERMAN

ME = "mara@home.example"
OWNER = Owner(address=ME, name="Mara Lind", addresses=frozenset({ME}))
_numbers = count()

NO = """Dear Mara,

thank you for your time and for the conversations about the {role} position at {employer}.
After careful consideration we have decided to move forward with another candidate, and will not
be able to offer you the role.

Kind regards
Jo Park
Talent Acquisition, {employer}
"""
RECEIVED = """Hello Mara,

thank you for applying for the {role} position at {employer}. We have received your application
and will review it over the next two weeks. We will get back to you as soon as we can.

The {employer} recruiting team
"""
ABSAGE = """Guten Tag Mara Lind,

vielen Dank für Ihre Bewerbung als {role} bei {employer} und das Interesse an unserem Unternehmen.
Leider müssen wir Ihnen mitteilen, dass wir uns für eine andere Bewerberin entschieden haben.

Mit freundlichen Grüßen
Jana Berg
Personalabteilung, {employer}
"""
EINGANG = """Guten Tag Mara Lind,

vielen Dank für Ihre Bewerbung als {role} bei {employer}. Ihre Unterlagen sind bei uns eingegangen.
Wir prüfen sie und melden uns in den nächsten zwei Wochen bei Ihnen.

Mit freundlichen Grüßen
{employer}
"""
ORDINARY = """Hi Mara,

are we still on for Saturday? I would bring the tent and the stove, you the map.

See you
Ben
"""


def mail(
    text: str,
    *,
    sender: str = "Jo Park <jo@acme.example>",
    to: str = f"Mara Lind <{ME}>",
    subject: str = "Your application",
    role: str = "Data Analyst",
    employer: str = "Acme",
    days_ago: float = 3,
    fields: tuple[str, ...] = (),
) -> Arrival:
    name = f"mail-{next(_numbers)}"
    lines = (
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Message-ID: <{name}@post.example>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        *fields,
        "",
        *text.format(role=role, employer=employer).splitlines(),
        "",
    )
    return Arrival(name=name, data="\r\n".join(lines).encode(), days_ago=days_ago)


def ordinary(*, days_ago: float = 3) -> Arrival:
    return mail(ORDINARY, sender="Ben <ben@friends.example>", subject="Saturday", days_ago=days_ago)


def application(employer: str, *, days_ago: float = 3) -> tuple[Arrival, Arrival]:
    """Return a confirmation and, ten days later, a refusal."""
    sender = f"{employer} <people@{employer.lower()}.example>"
    first = mail(RECEIVED, sender=sender, employer=employer, days_ago=days_ago + 10)
    return first, mail(NO, sender=sender, employer=employer, days_ago=days_ago)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as running:
        yield running


@pytest.fixture
def scan(reader: Reader) -> Scan:
    return Scan(
        reader=reader,
        senders=load_senders(),
        thresholds=read_thresholds(MODELS / "rejection.model"),
        now=NOW,
    )


@pytest.fixture
def look(scan: Scan) -> Callable[..., Preview]:
    def look_at(mailbox: MailReader, **options: object) -> Preview:
        return preview(mailbox, scan, OWNER, since=NOW - timedelta(days=90), **options)

    return look_at


@pytest.fixture
def bench(tmp_path: Path) -> MaildirBench:
    return MaildirBench(tmp_path / "Maildir", plain=False)


@pytest.fixture
def imap_bench(dovecot: Dovecot, account: Account, imap: IMAPClient) -> Bench:
    return dovecot_bench(dovecot, account, imap)


def names(found: Preview) -> list[str]:
    return [folder.name for folder in found.folders]


# ---------------------------------------------------------------- rows


def test_recruiting_mail_is_judged_as_scan_does_and_ordinary_mail_is_not_shown(bench, look):
    bench.arrive(*application("Acme"), ordinary(), ordinary(days_ago=1))
    with bench.open() as mailbox:
        found = look(mailbox)
    assert [(row["label"], row["employer"], row["decision"]) for row in found.rows] == [
        (Label.ACKNOWLEDGEMENT, "Acme", "leave"),
        (Label.REJECTION, "Acme", "draft"),
    ]
    assert found.rows[1]["to"] == "people@acme.example"
    assert [row["folder"] for row in found.rows] == ["INBOX", "INBOX"]
    assert found.folders == (Proposed("INBOX", 2, 4),)
    assert (found.read, found.unreadable, found.left, found.unseen) == (4, 0, 0, 0)


def test_mail_of_longer_ago_is_not_looked_at(bench, look):
    bench.arrive(mail(NO, days_ago=120), mail(NO, employer="Corp", days_ago=80))
    with bench.open() as mailbox:
        assert [row["employer"] for row in look(mailbox).rows] == ["Corp"]


def test_the_users_own_letters_are_part_of_an_application(bench, look):
    bench.arrive(mail(RECEIVED, days_ago=9), mail(NO, days_ago=3))
    own = "Dear Jo, I would like to withdraw my application for the Data Analyst position."
    bench.arrive(mail(own, sender=ME, to="jo@acme.example", days_ago=6), folder="Sent")
    with bench.open() as mailbox:
        found = look(mailbox)
    assert [row["reason"] for row in found.rows] == ["not_rejection", "withdrawn_by_user"]
    assert found.read == 2


def test_an_address_that_sent_is_from_and_nobody_named_is_told(bench, look):
    own = ("M. Lind <Mara@work.example>", f"Mara <{ME}>", "m@c.example", "mara@work.example")
    letters = [mail(ORDINARY, sender=sender, to="jo@acme.example") for sender in own]
    bench.arrive(*letters, folder="Sent")
    with bench.open() as mailbox:
        assert look(mailbox).senders == ("mara@work.example", "m@c.example")


def test_an_empty_mailbox_has_its_inbox_and_nothing_else(bench, look):
    with bench.open() as mailbox:
        assert look(mailbox) == Preview(rows=(), read=0, folders=(Proposed("INBOX", 0, 0),))


def test_a_mail_that_cannot_be_read_is_counted(bench, scan):
    bench.arrive(replace(ordinary(), data=b"crash"), replace(ordinary(), data=b"one"))
    broken = Path(__file__).parent / "reader" / "broken.py"
    with Reader(str(broken), "misbehave") as reader, bench.open() as mailbox:
        since = NOW - timedelta(days=90)
        found = preview(mailbox, replace(scan, reader=reader), OWNER, since=since)
    assert (found.read, found.unreadable) == (2, 1)


# ---------------------------------------------------------------- folders


def test_a_folder_is_proposed_where_filters_put_mail_about_applications(bench, look):
    for folder in ("Jobs", "Holidays", "Once"):
        bench.create_folder(folder)
    bench.arrive(*application("Acme"), *application("Corp", days_ago=9), ordinary(), folder="Jobs")
    bench.arrive(*(ordinary(days_ago=day) for day in range(1, 9)), folder="Holidays")
    bench.arrive(mail(NO, employer="Solo"), *(ordinary() for _ in range(3)), folder="Once")
    bench.arrive(ordinary())
    with bench.open() as mailbox:
        found = look(mailbox)
    assert found.folders == (Proposed("INBOX", 0, 1), Proposed("Jobs", 4, 5))
    assert {row["folder"] for row in found.rows} == {"Jobs"}
    assert {row["employer"] for row in found.rows} == {"Acme", "Corp"}


@pytest.mark.parametrize("folder", ["Drafts", "Sent", "Trash", "Archive", "Junk", "Trash/Old"])
def test_folders_with_a_purpose_of_their_own_are_never_proposed(bench, look, folder):
    if folder not in {"Drafts", "Sent", "Trash"}:
        bench.create_folder(folder)
    bench.arrive(*application("Acme"), *application("Corp"), folder=folder)
    with bench.open() as mailbox:
        found = look(mailbox)
    assert names(found) == ["INBOX"]
    assert found.rows == ()


def test_a_folder_with_the_mail_of_the_inbox_once_more_adds_nothing(bench, look):
    bench.create_folder("Label")
    mails = (*application("Acme"), *application("Corp"))
    bench.arrive(*mails)
    bench.arrive(*mails, folder="Label")
    with bench.open() as mailbox:
        found = look(mailbox)
    assert found.folders == (Proposed("INBOX", 4, 4),)
    assert len(found.rows) == 4


def test_gmails_own_folders_are_no_folders_of_filters(look):
    bench = MemoryBench()
    for folder in ("[Gmail]/Important", "[Gmail]/Starred", "Jobs"):
        bench.create_folder(folder)
        bench.arrive(*application("Acme"), folder=folder)
    with bench.open() as mailbox:
        assert names(look(mailbox)) == ["INBOX", "Jobs"]


def test_a_german_mailbox_with_umlauts_is_read_over_imap(look, tmp_path):
    with Dovecot(folders=GERMAN) as server:
        user = server.add_user("mara")
        with server.log_in(user) as client:
            bench = dovecot_bench(server, user, client)
            for folder in ("Bewerbungen", "Vorstellungsgespräche", "Küche & Bücher"):
                bench.create_folder(folder)
            berg = {"sender": "Jana Berg <berg@müller.example>", "employer": "Müller GmbH"}
            bench.arrive(mail(EINGANG, **berg, days_ago=20), folder="Bewerbungen")
            bench.arrive(mail(ABSAGE, **berg, subject="Ihre Bewerbung"), folder="Bewerbungen")
            bench.arrive(mail(ABSAGE, **berg), folder="Papierkorb")
            bench.arrive(mail(ABSAGE, **berg), folder="Entwürfe")
            bench.arrive(ordinary(), ordinary(), folder="Küche & Bücher")
            with bench.open() as mailbox:
                found = look(mailbox)
    assert found.folders == (Proposed("INBOX", 0, 0), Proposed("Bewerbungen", 2, 2))
    assert [(row["label"], row["language"]) for row in found.rows] == [
        (Label.ACKNOWLEDGEMENT, "de"),
        (Label.REJECTION, "de"),
    ]


# ---------------------------------------------------------------- Junk


def test_junk_is_listed_where_an_employer_of_the_other_mail_sent_it(bench, look):
    bench.create_folder("Junk")
    bench.arrive(*application("Acme"))
    vendor = "Acme Hiring <no-reply@us.greenhouse-mail.io>"
    forged = "Authentication-Results: mx.home.example; dmarc=fail header.from=acme.example"
    bench.arrive(
        mail(RECEIVED, sender="Jo <jo@mail.acme.example>", role="Designer"),
        mail(NO, sender=vendor, role="Designer"),
        mail(NO, sender="Jo <jo@acme.example>", role="Manager", fields=(forged,)),
        mail(NO, sender="Lotto <win@lotto.example>", employer="Lotto"),
        ordinary(),
        folder="Junk",
    )
    with bench.open() as mailbox:
        found = look(mailbox)
    assert {row["from"] for row in found.junk} == {
        "jo@mail.acme.example",
        "no-reply@us.greenhouse-mail.io",
    }
    assert {row["folder"] for row in found.junk} == {"Junk"}
    assert names(found) == ["INBOX"]
    assert len(found.rows) == 2


def test_a_public_providers_domain_is_nobodys_employer(bench, look):
    bench.create_folder("Junk")
    bench.arrive(mail(NO, sender="Jo <jo.park@gmail.com>"))
    bench.arrive(mail(ORDINARY, sender="Ann <ann@gmail.com>", subject="Hi"), folder="Junk")
    with bench.open() as mailbox:
        found = look(mailbox)
    assert len(found.rows) == 1
    assert found.junk == ()


# ---------------------------------------------------------------- nothing changes


def test_looking_changes_no_file_of_a_maildir_and_writes_none(bench, look, tmp_path, monkeypatch):
    monkeypatch.setenv("INBOXBOT_HOME", str(tmp_path / "home"))
    for folder in ("Jobs", "Junk"):
        bench.create_folder(folder)
    bench.arrive(*application("Acme"), ordinary())
    bench.arrive(*application("Corp"), *application("Acme"), folder="Jobs")
    bench.arrive(*application("Acme"), folder="Junk")
    before = tree(tmp_path)
    with bench.open() as mailbox:
        found = look(mailbox)
    assert len(found.junk) == 2
    assert tree(tmp_path) == before


def test_looking_changes_nothing_on_a_server(imap_bench, imap, look):
    for folder in ("Jobs", "Junk"):
        if not imap.folder_exists(folder):
            imap.create_folder(folder)
    imap_bench.arrive(*application("Acme"), ordinary())
    imap_bench.arrive(*application("Corp"), *application("Acme"), folder="Jobs")
    imap_bench.arrive(*application("Acme"), folder="Junk")
    before = state(imap)
    with imap_bench.open() as mailbox:
        found = look(mailbox)
    assert names(found) == ["INBOX", "Jobs"]
    assert len(found.junk) == 2
    assert state(imap) == before


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(root.rglob("*"))
    }


def state(client: IMAPClient) -> dict[str, object]:
    """Return all that a server tells of its folders, and the flags of their mail."""
    found: dict[str, object] = {}
    for _, _, folder in client.list_folders():
        status = client.folder_status(folder, ["MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN"])
        client.select_folder(folder, readonly=True)
        uids = client.search("ALL")
        flags = {uid: set(one) for uid, one in client.get_flags(uids).items()} if uids else {}
        found[folder] = (status, {uid: one - {b"\\Recent"} for uid, one in flags.items()})
    return found


# ---------------------------------------------------------------- bounds


def test_it_ends_when_time_is_over_the_newest_mail_first_and_says_what_is_left(bench, look):
    bench.create_folder("Jobs")
    bench.arrive(*application("Acme"), folder="Jobs")
    bench.arrive(*(ordinary(days_ago=day) for day in range(10, 30)), mail(NO, days_ago=1))
    ticks = iter(range(1000))
    with bench.open() as mailbox:
        found = look(mailbox, seconds=2, clock=lambda: next(ticks))
    assert (found.read, found.left, found.unseen) == (21, 0, 1)
    ticks = iter(range(1000))
    with bench.open() as mailbox:
        found = look(mailbox, seconds=0, clock=lambda: next(ticks))
    assert (found.read, found.left, found.unseen) == (0, 21, 1)
    assert names(found) == ["INBOX"]


def test_of_a_large_inbox_the_newest_mails_are_read(bench, look, monkeypatch):
    monkeypatch.setattr("inboxbot.propose._MAILS", 3)
    bench.arrive(*(ordinary(days_ago=day) for day in range(20, 30)), *application("Acme"))
    with bench.open() as mailbox:
        found = look(mailbox)
    assert (found.read, found.left) == (3, 9)
    assert [row["employer"] for row in found.rows] == ["Acme", "Acme"]


def test_of_very_many_folders_those_named_after_jobs_are_looked_at_first(look, monkeypatch):
    monkeypatch.setattr("inboxbot.propose._FOLDERS", 2)
    bench = MemoryBench()
    for folder in ("Aunt", "Bank", "Car", "Meine Bewerbungen"):
        bench.create_folder(folder)
        bench.arrive(*application("Acme"), folder=folder)
    with bench.open() as mailbox:
        found = look(mailbox)
    assert names(found) == ["INBOX", "Meine Bewerbungen", "Aunt"]
    assert found.unseen == 2


def test_a_folder_that_cannot_be_opened_is_told_of_and_the_others_are_read(look):
    bench = MemoryBench()
    bench.create_folder("Jobs")
    bench.arrive(*application("Acme"), folder="Jobs")
    with bench.open() as mailbox:
        found = look(_WithAFolderMore(mailbox))
    assert names(found) == ["INBOX", "Jobs"]
    assert found.unseen == 1


class _WithAFolderMore:
    """A mailbox that lists a folder which nobody may open."""

    def __init__(self, mailbox: MemoryMailbox) -> None:
        self._mailbox = mailbox

    def folders(self) -> Folders:
        found = self._mailbox.folders()
        return replace(found, others=("Closed", *found.others))

    def __getattr__(self, name: str) -> object:
        return getattr(self._mailbox, name)


def test_a_mailbox_that_fails_is_an_error(bench, look):
    bench.arrive(*application("Acme"))
    with bench.open() as mailbox:
        bench.delete_folder("INBOX")
        with pytest.raises(MailboxError):
            look(mailbox)


def test_progress_comes_to_its_end(bench, look):
    bench.create_folder("Jobs")
    bench.arrive(*application("Acme"), ordinary(), folder="Jobs")
    bench.arrive(*(ordinary() for _ in range(120)))
    told: list[tuple[int, int]] = []
    with bench.open() as mailbox:
        look(mailbox, progress=lambda *counts: told.append(counts))
    done = [count for count, _ in told]
    assert done == sorted(done)
    assert done[-1] > 120
    assert told[-1][1] == 0
    assert len(told) >= 4


# ---------------------------------------------------------------- quick and small


def newsletter(number: int) -> Arrival:
    """Return what most mail is: 40 KB of markup around some words."""
    cell = '<table width="600"><tr><td style="color:#123456;padding:8px 16px">{}</td></tr></table>'
    words = "".join(cell.format(f"Tent number {one}, half the price.") for one in range(300))
    html = f"<html><body>{words}</body></html>".replace("</table>", "</table>\n")
    arrival = mail(
        html,
        sender="Outdoor News <news@outdoor.example>",
        subject=f"Summer sale {number}: 30 % off tents, stoves and sleeping bags",
        days_ago=number % 85 + 1,
        fields=("List-Unsubscribe: <https://outdoor.example/leave>", "Precedence: bulk"),
    )
    return replace(arrival, data=arrival.data.replace(b"text/plain", b"text/html"))


def cpu_seconds() -> float:
    """Return what this process and its children, those that have ended, have used."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


@pytest.mark.slow
@pytest.mark.timeout(400)  # seconds, on a machine that others use as well
def test_5000_mails_of_90_days_cost_less_than_a_minute(imap_bench, scan):
    bench = imap_bench
    bench.create_folder("Jobs")
    bench.arrive(
        *(newsletter(number) for number in range(3400)),
        *(mail(ORDINARY * 3, days_ago=number % 80 + 1) for number in range(1500)),
        *(one for number in range(50) for one in application(f"Firm{number}", days_ago=number + 1)),
    )
    bench.arrive(
        *(one for number in range(50) for one in application(f"House{number}")), folder="Jobs"
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, used = time.monotonic(), cpu_seconds()
    with Reader() as reader, bench.open() as mailbox:
        since = NOW - timedelta(days=90)
        found = preview(mailbox, replace(scan, reader=reader), OWNER, since=since, seconds=300)
    took, used = time.monotonic() - start, cpu_seconds() - used
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    print(f"5,100 mails: {used:.0f} s of CPU, {took:.0f} s by the clock, {grown:.0f} MB more")
    assert (found.read, found.left, names(found)) == (5100, 0, ["INBOX", "Jobs"])
    assert len(found.rows) == 200
    assert used < 60
    assert grown < 100
