"""Documents and the guide."""
