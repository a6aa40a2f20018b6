"""Service contracts: clauses the law asks for, one text model, Word and PDF files, what was confirmed."""
