"""An officer's day: read a tip and its files, answer it."""
