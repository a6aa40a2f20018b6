"""The store: tables, the unit of work that changes them, the queries that read them."""
