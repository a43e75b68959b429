"""What $BROWSER runs: opens a page, follows it wherever it leads, and is done."""

import sys

from tests.servers.authorisation import Browser

Browser().open(sys.argv[1])
