"""Aids for authors: suggestions, near misses, the guide. Their data lies beside the code."""
