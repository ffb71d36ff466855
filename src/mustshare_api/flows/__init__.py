"""One request each, as a numbered list of steps."""
