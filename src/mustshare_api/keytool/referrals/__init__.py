"""From an officer's side and from an agency's: what is referred, said of it, and told on."""
