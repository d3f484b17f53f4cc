"""A local mailbox: takes every mail by SMTP, shows it on a page, sends nothing on."""
