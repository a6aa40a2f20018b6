"""What the firm knows of a client: its identity, its tax attributes, its risks."""
