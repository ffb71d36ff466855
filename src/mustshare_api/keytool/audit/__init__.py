"""The audit log, as an auditor and a witness look at it."""
