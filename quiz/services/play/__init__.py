"""A person alone: home, rounds, questions, review, progress."""
