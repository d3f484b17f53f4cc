"""Count the mails that were asked for in a mailbox's name over all shops, against list bombing."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

# Runs with the owner's rights and tells a number only. Messages that were never sent count
# neither; the lock makes two shops that ask at once take turns.
COUNT = """
CREATE FUNCTION messaging_asked_for(mailbox text, since timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE found bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('asked for: ' || mailbox, 0));
    SELECT count(*) INTO found FROM messaging_message
        WHERE kind = 'my_cart' AND address_key = mailbox AND created_at > since
            AND state NOT IN ('skipped', 'failed');
    RETURN found;
END $$;
"""
INDEX = """
CREATE INDEX messages_asked_for ON messaging_message (address_key, created_at)
    WHERE kind = 'my_cart';
"""


class Migration(migrations.Migration):
    """A function that counts over all shops, and the index that it reads."""

    dependencies: ClassVar = [("messaging", "0002_due_shops")]

    operations: ClassVar = [
        migrations.RunSQL(sql=INDEX, reverse_sql="DROP INDEX messages_asked_for;"),
        migrations.RunSQL(
            sql=COUNT, reverse_sql="DROP FUNCTION messaging_asked_for(text, timestamptz);"
        ),
    ]
