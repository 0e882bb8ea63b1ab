"""Question files and documents, read and written: bytes to domain objects and back."""
