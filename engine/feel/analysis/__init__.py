"""What can be said of an expression before it runs: for editors and for checks at deployment."""
