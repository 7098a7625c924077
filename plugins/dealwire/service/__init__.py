"""The service on one machine: PostgreSQL, the Airflow processes, and the demo around them."""
