"""Getting the news: feeds, pages, identity of entries, near-duplicates."""
