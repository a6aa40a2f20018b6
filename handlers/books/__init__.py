"""The books of a client by 小企业会计准则: accounts, vouchers, balances, closing, statements."""
