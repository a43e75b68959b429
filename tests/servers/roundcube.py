"""A webmail on loopback: Debian's Roundcube under `php -S`, for one Dovecot and one sink."""

import json
import secrets
import shutil
import sqlite3
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.dovecot import MAIL_DOMAIN, Dovecot
from tests.servers.process import LOOPBACK, Server, free_ports
from tests.servers.require import require
from tests.servers.sink import Sink

_ENTRY = "/var/lib/roundcube/public_html/index.php"
_DEFAULTS = Path("/etc/roundcube/defaults.inc.php")
_MIMETYPES = Path("/etc/roundcube/mimetypes.php")
_SCHEMA = Path("/usr/share/roundcube/SQL/sqlite.initial.sql")


class Roundcube:
    """A throw-away Roundcube; any user of its Dovecot can log in at ``url``."""

    def __init__(self, dovecot: Dovecot, sink: Sink) -> None:
        self._php = require("php", "php-cli")
        self._document_root = require(_ENTRY, "roundcube-core").parent
        require("sqlite3", "roundcube-sqlite3")
        (self.port,) = free_ports(1)
        self.url = f"http://{LOOPBACK}:{self.port}/"
        self.folders = dovecot.folders
        self._server = Server("roundcube", self.port)
        self.log_file = self._server.log_file
        self._write_configuration(dovecot, sink)
        self._create_database()

    def __enter__(self) -> Self:
        with ExitStack() as ends:
            ends.callback(self._server.remove)
            self._start()
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.close()

    def _start(self) -> None:
        folder = self._server.folder
        options = ["-d", f"session.save_path={folder}"]
        address = f"{LOOPBACK}:{self.port}"
        self._server.start(
            [str(self._php), *options, "-S", address, "-t", str(self._document_root)],
            answers=self._shows_the_log_in,
            environment={"ROUNDCUBE_CONFIG_DIR": str(folder)},
        )

    def _shows_the_log_in(self) -> bool:
        with closing(HTTPConnection(LOOPBACK, self.port, timeout=5)) as connection:
            try:
                connection.request("GET", "/")
                return b"rcmloginuser" in connection.getresponse().read()
            except ConnectionError:
                # Not listening yet.
                return False

    def _write_configuration(self, dovecot: Dovecot, sink: Sink) -> None:
        folder = self._server.folder
        settings = {
            "db_dsnw": f"sqlite:///{folder}/roundcube.db?mode=0600",
            "imap_host": f"{dovecot.host}:{dovecot.port}",
            "smtp_host": f"{sink.host}:{sink.port}",
            "smtp_user": "",
            "smtp_pass": "",
            "des_key": secrets.token_hex(12),
            "mail_domain": MAIL_DOMAIN,
            "drafts_mbox": dovecot.folders.drafts,
            "sent_mbox": dovecot.folders.sent,
            "trash_mbox": dovecot.folders.trash,
            "junk_mbox": dovecot.folders.junk,
            # Only what the person does may change a draft.
            "draft_autosave": 0,
            "language": "en_US",
            "skin": "elastic",
            "plugins": [],
            "log_driver": "stdout",
            "log_dir": str(folder),
            "temp_dir": str(folder),
            "enable_installer": False,
        }
        written = folder / "config.json"
        written.write_text(json.dumps(settings, indent=1))
        for source, name in (
            (Path(__file__).with_name("roundcube_config.inc.php"), "config.inc.php"),
            (_DEFAULTS, _DEFAULTS.name),
            (_MIMETYPES, _MIMETYPES.name),
        ):
            shutil.copy(source, folder / name)
            self._server.owner.own(folder / name)
        self._server.owner.own(written)

    def _create_database(self) -> None:
        file = self._server.folder / "roundcube.db"
        with closing(sqlite3.connect(file)) as database:
            database.executescript(_SCHEMA.read_text())
        self._server.owner.own(file)
