"""The desk: what officers list, note, assign, check, merge and search, all of it offline."""
