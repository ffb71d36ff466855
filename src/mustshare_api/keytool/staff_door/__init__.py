"""Speaks to the service: requests signed, answers read strictly and bounded."""
