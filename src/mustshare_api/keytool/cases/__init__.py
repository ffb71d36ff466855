"""Cases and articles: written in a folder, drafted sealed, published by two officers."""
