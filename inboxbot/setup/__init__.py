"""`inboxbot setup`: answers → a mailbox that was tried out → what is written, and nothing before.

    whose   address, which account of the settings, name, aliases, level, language
    where   provider → way in → server, Maildir or client id
    secret  a password typed, or a permission from the browser: in memory, until it has proved good
    trial   inboxbot.probe, and what to correct where it fails; back to exactly that question
    look    inboxbot.propose: the last 90 days, the folders worth watching
    keep    what will be written, shown, agreed to; the secret first, then the settings

Every question goes through `interview`: a flag, an earlier run, or `ask`. So the wizard, its
resumption and the command line without any prompt are one and the same.
"""
