"""The vocabulary and its rules: pure words, nothing that computes a secret or touches a disk."""
