"""Program name → its path, or a test that is skipped here and fails on CI."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

# Debian keeps daemons in sbin, which an ordinary user's PATH leaves out.
_SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])

# Debian installs one IMAP server, which is Dovecot. What the packages of others hold is unpacked
# here, as .ci/packages.txt says.
BESIDE = Path("/opt/imap-servers")


def require(program: str, debian_package: str) -> Path:
    """Return where a program stands; without it, skip the test, or fail it where CI=true.

    A path to a file that is not a program, such as a web application's entry, is taken as it is.
    """
    if Path(program).is_absolute() and Path(program).exists():
        return Path(program)
    found = shutil.which(program, path=_SEARCH_PATH)
    if found is None:
        _do_without(program, f"apt-get install {debian_package}")
    return Path(found)


def require_beside(program: str, debian_package: str) -> Path:
    """Return where a program stands whose package Debian does not install beside Dovecot's.

    Without it, skip the test, or fail it where CI=true.
    """
    path = BESIDE / program
    if not path.exists():
        unpack = f"dpkg -x {debian_package}_*.deb {BESIDE}"
        _do_without(str(path), f"apt-get download {debian_package} && {unpack}")
    return path


def _do_without(program: str, how_to_get_it: str) -> NoReturn:
    reason = f"{program} is not installed: {how_to_get_it}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
