"""Bytes only: seals, signs and derives; has never heard of a tip."""
