"""E-invoices (数电票): read the received file, check it, tell whose book it belongs to."""
