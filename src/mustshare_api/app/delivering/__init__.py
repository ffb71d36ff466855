"""`mustshare deliver`: the one program of ours that speaks to hosts of others."""
