"""An escrow key: parted among custodians, tried, brought back."""
