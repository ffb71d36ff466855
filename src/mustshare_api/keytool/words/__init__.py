"""Every sentence the tool says, Thai first, by code."""
