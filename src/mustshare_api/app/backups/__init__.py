"""Backups and restores: what is kept of a deployment, sealed to a key that is elsewhere."""
