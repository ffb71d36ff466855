"""What the process does to itself, before and after it holds a secret."""
