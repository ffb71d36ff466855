"""What the public reads of cases, campaigns and articles: no reporter data, by construction."""
