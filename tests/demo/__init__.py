"""The demo: a shop, the app and a mailbox on this machine, and one page that says what to click."""
