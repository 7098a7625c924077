"""Asks a language model over the chat-completions protocol; knows nothing of deals or of the database."""
