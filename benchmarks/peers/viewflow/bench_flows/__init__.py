"""The Django application that the flows belong to."""
