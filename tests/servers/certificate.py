"""Folder → a throw-away certificate for loopback, its own authority, beside its key."""

import subprocess
from pathlib import Path

from tests.servers.require import require

# keyUsage: Python 3.13 trusts no authority that does not name its own.
_REQUEST = """\
-x509 -days 2 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=localhost
-addext subjectAltName=DNS:localhost,IP:127.0.0.1
-addext keyUsage=critical,digitalSignature,keyCertSign
"""


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Return the files of a new certificate and its key, valid for localhost and 127.0.0.1."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    openssl = str(require("openssl", "openssl"))
    files = ("-keyout", str(key), "-out", str(certificate))
    subprocess.run([openssl, "req", *_REQUEST.split(), *files], check=True, capture_output=True)
    return certificate, key
