"""Program name → its path, or a test that is skipped here and fails on CI."""

import os
import shutil
from pathlib import Path

import pytest

# Debian keeps daemons in sbin, which an ordinary user's PATH leaves out.
_SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


def require(program: str, debian_package: str) -> Path:
    """Return where a program stands; without it, skip the test, or fail it where CI=true.

    A path to a file that is not a program, such as a web application's entry, is taken as it is.
    """
    if Path(program).is_absolute() and Path(program).exists():
        return Path(program)
    if found := shutil.which(program, path=_SEARCH_PATH):
        return Path(found)
    reason = f"{program} is not installed: apt-get install {debian_package}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
