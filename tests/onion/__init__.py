"""The onion service for real, in a Tor network of its own on this machine: `make onion`."""
