"""Names, passphrases, preferences, the first trainer."""
