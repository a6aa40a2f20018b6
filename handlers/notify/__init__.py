"""Messages to clients and staff: texts the firm can change, built into e-mail; sending is another matter."""
