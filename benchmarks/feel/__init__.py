"""FEEL beside feelin: ``make bench-feel``."""
