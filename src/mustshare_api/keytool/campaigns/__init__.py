"""An officer's work on campaigns: close one, put points on its map, take them back."""
