"""All changes of stored state: plain functions whose first argument is the unit of work, one module per noun.

``surroundings.attach(store, …)`` gives a store what commands need beside the rows; ``_record.py`` alone writes Steps.
"""
