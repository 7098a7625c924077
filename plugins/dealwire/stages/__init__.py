"""The stages on the database: each loads what it needs, asks the deciding code, and stores what was decided."""
