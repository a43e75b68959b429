"""Mailboxes: one file a kind, one contract suite (tests/mailbox/test_contract.py) over all."""
