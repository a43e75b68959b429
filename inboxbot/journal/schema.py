"""The journal's tables, a migration a step; the meaning of a column never changes.

Every table has the account in its key, so that one journal can serve many mailboxes. Times are
ISO 8601 in UTC, values that only Python reads are JSON. The queries in `store` are written in the
SQL that SQLite and PostgreSQL share; STRICT is all that is SQLite's own here.
"""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        time TEXT NOT NULL,
        account TEXT NOT NULL,
        application TEXT NOT NULL,
        message TEXT NOT NULL,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL
    ) STRICT;
    CREATE INDEX event_by_account ON event (account, time);

    CREATE TABLE folder_cursor (
        account TEXT NOT NULL,
        folder TEXT NOT NULL,
        position TEXT NOT NULL,
        PRIMARY KEY (account, folder)
    ) STRICT;

    CREATE TABLE lease (
        account TEXT NOT NULL,
        folder TEXT NOT NULL,
        locator TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        PRIMARY KEY (account, folder, locator)
    ) STRICT;

    CREATE TABLE holder (
        account TEXT NOT NULL PRIMARY KEY,
        token INTEGER NOT NULL,
        since TEXT NOT NULL
    ) STRICT;

    CREATE TABLE message (
        account TEXT NOT NULL,
        key TEXT NOT NULL,
        application TEXT NOT NULL,
        received TEXT NOT NULL,
        own INTEGER NOT NULL,
        waiting INTEGER NOT NULL,
        reading TEXT NOT NULL,
        PRIMARY KEY (account, key)
    ) STRICT;

    CREATE TABLE draft (
        account TEXT NOT NULL,
        key TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (account, key)
    ) STRICT;

    CREATE TABLE summary (
        account TEXT NOT NULL,
        week TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (account, week)
    ) STRICT;

    CREATE TABLE dead_address (
        account TEXT NOT NULL,
        address TEXT NOT NULL,
        PRIMARY KEY (account, address)
    ) STRICT;

    CREATE TABLE note (
        account TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (account, name)
    ) STRICT;
    """,
    # 2: what was forgotten leaves a salted hash of its key
    """
    CREATE TABLE salt (
        account TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;

    CREATE TABLE forgotten (
        account TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (account, hash)
    ) STRICT;
    """,
    # 3: a week is one occasion of several for a mail to the owner
    """
    ALTER TABLE summary RENAME COLUMN week TO occasion;
    """,
)
