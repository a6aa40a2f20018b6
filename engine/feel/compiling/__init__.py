"""From the tree of an expression to Python closures, built once and run often."""
