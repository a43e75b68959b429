"""A person moves three mails in the mail client, and the command reads the fourth by them."""

from pathlib import Path

from tests.daemon.world import letter
from tests.e2e.command import Command
from tests.mailbox.benches import Arrival, MaildirBench

CONFIG = """
[accounts.home]
kind = "maildir"
address = "mara@home.example"
name = "Mara Lind"
path = "{path}"
corrections = true
"""


def note(name: str, role: str) -> Arrival:
    text = f"Hi Mara,\n\nRole: {role}\nWhere it stands: closed, we went internal.\n\nRegards\n"
    sender = f"Petra Hume <petra@{name}.example>"
    return Arrival(name=name, data=letter(sender, f"{name}: {role}", text, message_id=name))


def test_three_mails_moved_in_the_mail_client_make_a_fourth_one_known(tmp_path: Path):
    bench = MaildirBench(tmp_path / "Maildir", plain=False)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(CONFIG.format(path=tmp_path / "Maildir"))
    command = Command(home)
    told = [("ledgerwood", "Accounts Assistant"), ("pinfold", "Clerk"), ("saltmarsh", "Cashier")]
    for name, role in told:
        bench.arrive(note(name, role), folder="INBOX")
    command.run("poll")
    assert "draft_saved" not in command.kinds()
    for name, _ in told:
        bench.move(name, "inboxbot/Rejection", folder="INBOX")
    command.run("poll")
    assert command.kinds().count("corrected") == 3
    bench.arrive(note("kilnhouse", "Payroll Clerk"), folder="INBOX")
    command.run("poll")
    seen = [event for event in command.events() if event["event"] == "seen"]
    assert seen[-1]["payload"]["label"] == "rejection"
    assert seen[-1]["payload"]["probability"] > 0.73
    assert command.kinds().count("draft_saved") == 4
