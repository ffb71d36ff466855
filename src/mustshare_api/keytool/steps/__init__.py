"""Moves tips from one state to the next, and tells how they stand."""
