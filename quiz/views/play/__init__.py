"""Pages of a person alone: home, rounds, review, progress."""
