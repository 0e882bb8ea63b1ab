"""The trainer's desk: documents and question sets being written, read by others, published."""
