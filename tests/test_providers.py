"""config/providers.toml: every entry complete, no address of two providers, an error that helps."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from inboxbot.core.guards import registrable
from inboxbot.errors import ProviderError
from inboxbot.providers import Provider, Way, load_providers, provider_of, read_providers
from inboxbot.resources import CONFIG
from inboxbot.settings import LOOPBACK, read

ONE = """
[post]
name = "Post"
domains = ["post.example", "*.post.example"]
host = "imap.post.example"
ways = ["password"]
help = "imap.md"
source = "https://post.example/help"
verified = ""
"""
MUST_BE_KNOWN = {
    "gmail.com": "gmail",
    "googlemail.com": "gmail",
    "outlook.com": "outlook",
    "hotmail.co.uk": "outlook",
    "live.nl": "outlook",
    "msn.com": "outlook",
    "icloud.com": "icloud",
    "me.com": "icloud",
    "mac.com": "icloud",
    "fastmail.com": "fastmail",
    "yahoo.com": "yahoo",
    "yahoo.de": "yahoo",
    "ymail.com": "yahoo",
    "aol.com": "aol",
    "gmx.de": "gmx",
    "gmx.net": "gmx",
    "gmx.at": "gmx",
    "gmx.ch": "gmx",
    "gmx.com": "gmx-international",
    "web.de": "web-de",
    "mailbox.org": "mailbox-org",
    "posteo.de": "posteo",
    "proton.me": "proton",
    "protonmail.com": "proton",
    "zoho.com": "zoho",
    "zohomail.eu": "zoho-eu",
    "online.de": "1und1",
    "t-online.de": "t-online",
    "freenet.de": "freenet",
    "orange.fr": "orange-fr",
    "laposte.net": "laposte",
    "free.fr": "free-fr",
    "libero.it": "libero",
    "wp.pl": "wp",
    "o2.pl": "o2-pl",
    "onet.pl": "onet",
}
CHOSEN_ALONE = {"google-workspace", "microsoft365", "ionos", "strato"}


def by_id(name: str) -> Provider:
    return next(provider for provider in load_providers() if provider.id == name)


def written(folder: Path, text: str) -> Path:
    path = folder / "providers.toml"
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------- the shipped table


@pytest.mark.parametrize("provider", load_providers(), ids=lambda provider: provider.id)
def test_every_entry_is_complete(provider):
    assert provider.name
    assert provider.ways
    assert "." in provider.host
    assert (provider.port, provider.tls) == (993, "implicit") or provider.host in LOOPBACK
    assert provider.verified == ""  # until somebody has logged in, and says when
    assert provider.page.is_file()
    for link in (provider.source, provider.app_password_url):
        assert not link or urlsplit(link).scheme == "https"
    assert (Way.APP_PASSWORD in provider.ways) == bool(provider.app_password_url)
    assert len(set(provider.ways)) == len(provider.ways)
    for note in provider.notes:
        assert note.rstrip(")")[-1] in ".?"
        assert note == note.strip()
        assert note.isprintable()


@pytest.mark.parametrize(("domain", "name"), MUST_BE_KNOWN.items())
def test_the_providers_that_matter_are_known_by_their_domains(domain, name):
    found = provider_of(f"Jane.Doe@{domain.upper()}", load_providers())
    assert found is not None
    assert found.id == name


def test_no_domain_is_of_two_providers_and_all_are_written_as_domains():
    domains = [domain for provider in load_providers() for domain in provider.domains]
    assert len(domains) > 300
    assert len(set(domains)) == len(domains)
    for domain in domains:
        bare = domain.removeprefix("*.")
        assert bare == bare.lower().strip()
        assert registrable(bare) == bare or bare in {"poczta.onet.pl", "poczta.onet.eu"}


def test_whose_domains_are_their_customers_own_is_found_only_when_chosen():
    chosen = {
        provider.id
        for provider in load_providers()
        if all(domain.startswith("*.") for domain in provider.domains)
    }
    assert chosen == CHOSEN_ALONE


@pytest.mark.parametrize("name", ["outlook", "microsoft365"])
def test_microsoft_is_opened_by_a_permission_and_no_password(name):
    assert by_id(name).ways == (Way.MICROSOFT,)


def test_gmail_by_an_app_password_comes_first():
    assert by_id("gmail").ways == (Way.APP_PASSWORD, Way.GOOGLE_IMAP, Way.GOOGLE_API)


def test_proton_needs_its_bridge_on_this_machine():
    proton = by_id("proton")
    assert (proton.host, proton.port, proton.tls) == ("127.0.0.1", 1143, "starttls")
    assert any("Bridge" in note for note in proton.notes)


@pytest.mark.parametrize("name", ["google-workspace", "microsoft365"])
def test_a_work_or_school_account_is_warned_about(name):
    assert any("administrator can read" in note for note in by_id(name).notes)


@pytest.mark.parametrize("provider", load_providers(), ids=lambda provider: provider.id)
def test_the_settings_take_what_an_entry_says(provider, tmp_path):
    lines = (
        "[accounts.mine]",
        'kind = "imap"',
        'address = "jane@home.example"',
        f'host = "{provider.host}"',
        f"port = {provider.port}",
        f'tls = "{provider.tls}"',
        f'user = "{provider.user_of("jane@home.example")}"',
        f'authserv_id = "{provider.authserv_id}"',
    )
    account = read("\n".join(lines), tmp_path / "config.toml").accounts["mine"]
    assert (account.host, account.tls) == (provider.host, provider.tls)


# ---------------------------------------------------------------- finding


def test_a_domain_is_matched_as_a_whole():
    assert provider_of("jane@evilgmail.com", load_providers()) is None
    assert provider_of("jane@gmail.com.evil.example", load_providers()) is None
    assert provider_of("jane@mail.gmail.com", load_providers()) is None
    assert provider_of("jane", load_providers()) is None
    assert provider_of("", load_providers()) is None


def test_domains_below_are_an_entrys_own_where_it_says_so():
    fastmail, microsoft = by_id("fastmail"), by_id("microsoft365")
    assert provider_of("shop@jane.fastmail.com", load_providers()) == fastmail
    assert provider_of("jane@corp.onmicrosoft.com", load_providers()) == microsoft
    assert provider_of("jane@onmicrosoft.com", load_providers()) is None


def test_the_user_name_is_the_address_or_what_stands_before_the_at():
    assert by_id("gmx").user_of("jane@gmx.de") == "jane@gmx.de"
    assert by_id("icloud").user_of("jane@icloud.com") == "jane"


# ---------------------------------------------------------------- a file that is wrong


def test_defaults_need_not_be_written(tmp_path):
    (post,) = read_providers(written(tmp_path, ONE))
    assert (post.id, post.port, post.tls, post.user) == ("post", 993, "implicit", "address")
    assert post.ways == (Way.PASSWORD,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ONE + 'hots = "x"\n', "[post]: unknown key hots; did you mean host?"),
        (ONE + 'zzz = "x"\n', "[post]: unknown key zzz"),
        (ONE.replace("host =", "#"), "[post]: Object missing required field `host`"),
        (ONE.replace('["password"]', '["magic"]'), "[post]: Invalid enum value 'magic'"),
        (ONE + 'tls = "none"\n', "[post]: Invalid enum value 'none'"),
        (ONE + 'port = "993"\n', "[post]: Expected `int`, got `str` - at `$.port`"),
        (ONE + ONE.replace("[post]", "[other]"), "[other]: post.example is a domain of [post]"),
        ('name = "Post"\n', "name stands outside a table; write [name]"),
        ("[post\n", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_and_key(tmp_path, text, told):
    path = written(tmp_path, text)
    with pytest.raises(ProviderError) as caught:
        read_providers(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert told in str(caught.value)


def test_the_shipped_file_explains_its_keys():
    header = (CONFIG / "providers.toml").read_text(encoding="utf-8").partition("\n[")[0]
    for key in ("domains", "host", "user", "ways", "app_password_url", "notes", "authserv_id"):
        assert f"# {key}" in header
