"""The pages: the online store, its checkout, the admin with the app in its frame, the app proxy."""
