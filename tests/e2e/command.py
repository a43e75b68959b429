"""The installed command, run as a user runs it: its own process, its own home."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.dovecot import Account, Dovecot


@dataclass(frozen=True)
class Command:
    """`inboxbot` with an INBOXBOT_HOME of its own."""

    home: Path

    def environment(self) -> dict[str, str]:
        return {**os.environ, "INBOXBOT_HOME": str(self.home), "NO_COLOR": "1"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "inboxbot", *arguments],
            env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run it and return what it prints on stdout; another status fails the test."""
        done = self.try_(*arguments)
        assert done.returncode == status, done.stderr + done.stdout
        assert "Traceback" not in done.stderr
        return done.stdout

    def try_(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "inboxbot", *arguments],
            env=self.environment(), capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("journal", "--json").splitlines()]

    def kinds(self) -> list[str]:
        """Return the kinds of event; the summary comes or not as the day of the test has it."""
        kinds = [event["event"] for event in self.events()]
        return [kind for kind in kinds if kind != "summary_delivered"]


def imap_command(home: Path, dovecot: Dovecot, account: Account, more: str = "") -> Command:
    """Return the command with a ten-line config for an account on a Dovecot, over TLS."""
    home.mkdir(parents=True, exist_ok=True)
    password = home / "password"
    password.touch(mode=0o600)
    password.write_text(account.password)
    (home / "config.toml").write_text(
        f"""
[accounts.home]
kind = "imap"
address = "{account.address}"
name = "Alice Example"
host = "127.0.0.1"
port = {dovecot.tls_port}
user = "{account.name}"
ca_file = "{dovecot.ca_file}"
password_file = "{password}"
{more}
"""
    )
    return Command(home)
