"""Pages of a room: its host's and its seats', and the messages between them."""
