"""What goes to an agency: chosen, shown, cut, sealed, certified."""
