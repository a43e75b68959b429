"""The journal: the event log, the cursors, the intents; one private SQLite file."""
