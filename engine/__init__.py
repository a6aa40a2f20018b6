"""The engine: definitions run as instances, every change of stored state is a command."""
