"""What a client receives for a period: statements and tax sheets as workbook and PDF, packed with a list."""
