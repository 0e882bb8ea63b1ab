"""Everything that judges a question, a set or a library."""
