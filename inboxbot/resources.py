"""Finds config/, models/, deploy/ and docs/, in a wheel or a checkout: the one place that knows."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_data"
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent

CONFIG = ROOT / "config"
MODELS = ROOT / "models"
DEPLOY = ROOT / "deploy"
DOCS = ROOT / "docs"
DEMO_MAILBOX = _PACKAGE / "demo" / "mailbox"
