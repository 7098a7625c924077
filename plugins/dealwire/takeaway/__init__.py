"""Rows as files that people take away: CSV, JSON Lines, Parquet, Excel, each with what its columns mean.

Every writer takes rows in batches and gives bytes in pieces, so that a hundred thousand deals need no more memory
than a hundred. Nothing here knows where rows come from.
"""
