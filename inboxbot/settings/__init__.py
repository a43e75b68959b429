"""config.toml → `Settings`: the tree and its defaults, how a value is read, how a file is read.

values   what TOML holds → what the program uses
tree     the frozen settings, and where they and the state lie
reading  a file → the tree, or every problem that it has
file     an account → the file: the one that `setup` writes
"""

from inboxbot.settings.reading import LOOPBACK, load, read, read_value, table_of, text_of
from inboxbot.settings.tree import Account, Places, Profile, Settings, SummarySettings, places
from inboxbot.settings.values import AUTHORITY, CREDENTIAL, WEEKDAYS, duration

__all__ = [
    "AUTHORITY", "CREDENTIAL", "LOOPBACK", "WEEKDAYS", "Account", "Places", "Profile", "Settings",
    "SummarySettings", "duration", "load", "places", "read", "read_value", "table_of", "text_of",
]  # fmt: skip
