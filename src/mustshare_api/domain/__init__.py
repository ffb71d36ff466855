"""The vocabulary and its rules: pure words, no secret computed, no disk touched."""
