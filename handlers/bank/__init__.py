"""Bank and wallet statements: one profile per layout, kept as data; a bad row never costs the good ones."""
