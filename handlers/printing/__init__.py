"""Papers the firm hands out: PDF pages and zip containers with bytes that depend on their content alone."""
