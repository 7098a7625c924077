-- Health of all feeds counts the entries that wait for a person, of which there are few among very many.
CREATE INDEX entry_held ON news.entry (feed_id) WHERE state = 'held';
