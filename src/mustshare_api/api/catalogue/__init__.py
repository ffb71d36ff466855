"""Every problem there is, in Thai and English: a closed list."""
