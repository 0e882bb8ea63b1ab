"""Players and trainers: names, passphrases, what is let go in time."""
