"""Who can open what: colleagues let in, keys retired."""
