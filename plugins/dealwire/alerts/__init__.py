"""Which deals are told to whom, in which words, exactly once."""
