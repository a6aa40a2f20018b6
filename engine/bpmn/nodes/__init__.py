"""Our specification classes, one idea a module: what a token does at each kind of element."""
