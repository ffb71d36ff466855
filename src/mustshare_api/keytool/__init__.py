"""`mustshare-key`: the offline tool with which staff hold keys, open tips and answer."""
