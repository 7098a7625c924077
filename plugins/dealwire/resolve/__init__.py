"""From mentions to deals: which mentions tell of the same deal, and what we believe of it."""
