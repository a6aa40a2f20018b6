"""A fictitious firm to try the product with: its staff, its clients, and two clients driven through three months."""
