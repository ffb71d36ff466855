"""What listens: connections from their first octet to their last, and what bounds them."""
