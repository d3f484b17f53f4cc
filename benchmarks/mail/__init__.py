"""How fast mails are built and handed over."""
