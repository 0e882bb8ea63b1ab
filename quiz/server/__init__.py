"""Processes that serve: threads, streams, news between processes, what is done once a day."""
