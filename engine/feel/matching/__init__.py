"""Regular expressions that cannot run away: translated, measured, and matched in counted steps."""
