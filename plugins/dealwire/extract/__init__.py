"""From the text of one article to mentions of deals, with a claim for every field."""
