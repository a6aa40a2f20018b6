"""Taxes as dated tables and small pure functions; the product computes, a person files."""
