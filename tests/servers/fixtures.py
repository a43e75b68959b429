"""Pytest fixtures: one process of each server for the whole run, one fresh mailbox for each test.

dovecot, cyrus, courier, sink, roundcube (session) → account, imap, browser_page (each test)
"""

import secrets
from collections.abc import Iterator

import pytest
from imapclient import IMAPClient
from playwright.sync_api import Page

from tests.clients.roundcube import browser
from tests.servers.courier import Courier
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Account, Dovecot
from tests.servers.roundcube import Roundcube
from tests.servers.sink import Sink


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Provide the IMAP server that all tests share: not to be stopped."""
    with Dovecot() as running:
        yield running


@pytest.fixture(scope="session")
def cyrus() -> Iterator[Cyrus]:
    """Provide the Cyrus IMAP server that all tests share."""
    with Cyrus() as running:
        yield running


@pytest.fixture(scope="session")
def courier() -> Iterator[Courier]:
    """Provide the Courier IMAP server that all tests share."""
    with Courier() as running:
        yield running


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """Provide the SMTP sink that all tests share: each finds its mail by its account's address."""
    with Sink() as running:
        yield running


@pytest.fixture(scope="session")
def roundcube(dovecot: Dovecot, sink: Sink) -> Iterator[Roundcube]:
    """Provide the webmail that all tests share."""
    with Roundcube(dovecot, sink) as running:
        yield running


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    """Provide a user whose mailbox nobody has touched."""
    return dovecot.add_user(f"alice-{secrets.token_hex(4)}")


@pytest.fixture
def imap(dovecot: Dovecot, account: Account) -> Iterator[IMAPClient]:
    """Provide a connection that is logged in as the account."""
    with dovecot.log_in(account) as client:
        yield client


@pytest.fixture
def browser_page() -> Iterator[Page]:
    """Provide an empty page of a headless Chromium."""
    with browser() as page:
        yield page
