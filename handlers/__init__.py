"""The firm's own work: pure functions by area, and the service tasks that call them."""
