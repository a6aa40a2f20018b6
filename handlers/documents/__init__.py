"""What papers a client owes for a period, and what kind of paper a file is."""
