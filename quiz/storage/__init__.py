"""What is kept: the database, how writes share a commit, the way to Redis."""
