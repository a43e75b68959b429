// A plain Thunderbird for one account; filled in by thunderbird.py with string.Template.
user_pref("mail.accountmanager.accounts", "account1");
user_pref("mail.accountmanager.defaultaccount", "account1");
user_pref("mail.account.account1.server", "imap");
user_pref("mail.account.account1.identities", "person");

user_pref("mail.server.imap.type", "imap");
user_pref("mail.server.imap.name", "$address");
user_pref("mail.server.imap.hostname", "$host");
user_pref("mail.server.imap.port", $imap_port);
user_pref("mail.server.imap.userName", "$user");
user_pref("mail.server.imap.socketType", 0);
user_pref("mail.server.imap.authMethod", 3);
// Its password is stored after the start: nothing may ask for it before.
user_pref("mail.server.imap.login_at_startup", false);
user_pref("mail.server.imap.check_new_mail", false);

user_pref("mail.smtpservers", "sink");
user_pref("mail.smtp.defaultserver", "sink");
user_pref("mail.smtpserver.sink.hostname", "$host");
user_pref("mail.smtpserver.sink.port", $smtp_port);
user_pref("mail.smtpserver.sink.authMethod", 1);
user_pref("mail.smtpserver.sink.try_ssl", 0);

user_pref("mail.identity.person.valid", true);
user_pref("mail.identity.person.fullName", "Alice Example");
user_pref("mail.identity.person.useremail", "$address");
user_pref("mail.identity.person.smtpServer", "sink");
user_pref("mail.identity.person.draft_folder", "imap://$user@$host/$drafts");
user_pref("mail.identity.person.fcc_folder", "imap://$user@$host/$sent");

// A row of the list is a message: whoever opens a thread opens all its drafts.
user_pref("mailnews.default_view_flags", 0);

// Only what the person does may change a draft, and nothing stops them to ask.
user_pref("mail.compose.autosave", false);
user_pref("mail.compose.attachment_reminder", false);
user_pref("mail.rights.version", 1);
user_pref("mailnews.start_page.enabled", false);

// Whatever is beyond loopback is looked up and called through a port where nobody listens.
user_pref("network.proxy.type", 1);
user_pref("network.proxy.socks", "127.0.0.1");
user_pref("network.proxy.socks_port", 9);
user_pref("network.proxy.socks_remote_dns", true);

user_pref("marionette.port", $marionette_port);
