"""The desk on a whole terminal. Textual draws it, and is imported in here alone."""
