"""The user's project as files: its configuration, its modules as parsed text, and what is remembered of them."""
