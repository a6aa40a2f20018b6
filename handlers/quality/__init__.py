"""Quality of the firm's own work: what clients answer, what is drawn for checking."""
