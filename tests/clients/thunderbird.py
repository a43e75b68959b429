"""A person at Thunderbird, on a screen in memory: draft → opened, edited, sent.

with thunderbird(…) as running: open_draft(running, subject) → edit(running, text) → send(running)
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from tests.clients.marionette import Marionette
from tests.servers.dovecot import Account, Dovecot
from tests.servers.process import Server, free_ports, listens
from tests.servers.require import require
from tests.servers.sink import Sink

_START_SECONDS = 60

_REMEMBER_PASSWORD = """\
const [origin, user, password] = arguments;
const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
login.init(origin, null, origin, user, password, "", "");
return Services.logins.addLoginAsync(login).then(() => true);
"""
_SHOW_FOLDER = """\
const pane = document.getElementById("tabmail").currentAbout3Pane;
const { rootFolder } = MailServices.accounts.defaultAccount.incomingServer;
const folder = rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags[arguments[0]]);
if (!folder) return false;
pane.displayFolder(folder);
return pane.gFolder == folder;
"""
# The header of a message keeps the "Re:" of its subject apart.
_OPEN_DRAFT = """\
const pane = document.getElementById("tabmail").currentAbout3Pane;
const view = pane.gDBView;
for (let row = 0; row < view?.rowCount; row++) {
  const header = view.getMsgHdrAt(row);
  const re = header.flags & Ci.nsMsgMessageFlags.HasRe ? "Re: " : "";
  if (re + header.mime2DecodedSubject != arguments[0]) continue;
  pane.threadTree.selectedIndex = row;
  pane.goDoCommand("cmd_editDraftMsg");
  return true;
}
return false;
"""
_COMPOSING = 'const composing = Services.wm.getMostRecentWindow("msgcompose");\n'
_IS_OPEN = _COMPOSING + "return composing?.gMsgCompose?.editor && composing.document.title"
_EDIT = _COMPOSING + "composing.GetCurrentEditor().insertText(arguments[0])"
_SEND = _COMPOSING + 'composing.goDoCommand("cmd_sendNow")'
_IS_CLOSED = _COMPOSING + "return !composing"


@contextmanager
def thunderbird(dovecot: Dovecot, sink: Sink, account: Account) -> Iterator[Marionette]:
    """Yield a Thunderbird that knows the account and its password, and nothing else."""
    program = str(require("thunderbird", "thunderbird"))
    (port,) = free_ports(1)
    template = Template(Path(__file__).with_name("thunderbird_user.js").read_text())
    settings = template.substitute(
        user=account.name,
        address=account.address,
        host=dovecot.host,
        imap_port=dovecot.port,
        smtp_port=sink.port,
        drafts=dovecot.folders.drafts,
        sent=dovecot.folders.sent,
        marionette_port=port,
    )
    with _screen() as display, _server("thunderbird", port) as server:
        profile = server.folder / "profile"
        profile.mkdir()
        (profile / "user.js").write_text(settings, encoding="utf-8")
        server.owner.own(profile, profile / "user.js")
        driven = ("--marionette", "--remote-allow-system-access")
        server.start(
            [program, "--no-remote", "--profile", str(profile), *driven],
            answers=lambda: listens(port),
            environment={"DISPLAY": display, "HOME": str(server.folder)},
            seconds=_START_SECONDS,
        )
        with Marionette(port) as running:
            origin = f"imap://{dovecot.host}"
            running.run(_REMEMBER_PASSWORD, origin, account.name, account.password)
            yield running


def open_draft(running: Marionette, subject: str) -> None:
    """Open the draft of that subject in Drafts, ready to be edited."""
    # Thunderbird learns of the other folders when it logs in, for the inbox.
    for folder in ("Inbox", "Drafts"):
        running.wait_for(_SHOW_FOLDER, folder, what=f"the folder {folder}")
    running.wait_for(_OPEN_DRAFT, subject, what=f"a draft {subject!r}")
    running.wait_for(_IS_OPEN, what="the draft to be open")


def edit(running: Marionette, text: str) -> None:
    """Write a text at the beginning of the draft that is open."""
    running.run(_EDIT, text)


def send(running: Marionette) -> None:
    """Send the draft that is open, and wait until Thunderbird has filed it in Sent."""
    running.run(_SEND)
    running.wait_for(_IS_CLOSED, what="the draft to be sent")


@contextmanager
def _screen() -> Iterator[str]:
    """Yield the DISPLAY of a screen that nobody sees; the X server takes a free number itself."""
    program = str(require("Xvfb", "xvfb"))
    with _server("xvfb", port=0) as server:  # it listens on no port
        numbers: list[str] = []

        def answers() -> bool:
            numbers[:] = re.findall(r"^\d+$", server.log_file.read_text(), re.MULTILINE)
            return bool(numbers)

        size = ("-screen", "0", "1280x800x24")
        server.start([program, "-displayfd", "1", "-nolisten", "tcp", *size], answers=answers)
        yield f":{numbers[0]}"


@contextmanager
def _server(name: str, port: int) -> Iterator[Server]:
    server = Server(name, port)
    try:
        yield server
    finally:
        # In order: an X server that is killed leaves the lock of its number behind.
        server.stop()
        server.remove()
