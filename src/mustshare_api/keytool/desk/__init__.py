"""What every command works with: the officer's folder, keys, terminal, and what was synced."""
