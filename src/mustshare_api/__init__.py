"""Must Share: an anonymous tip-intake service, and the offline tool that opens its tips."""
