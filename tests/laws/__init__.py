"""The laws of the design, each tried to be broken through the doors, the tasks and the database."""
