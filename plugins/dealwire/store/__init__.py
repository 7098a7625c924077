"""PostgreSQL: connections, named queries, migrations, the embedded server. The only place that imports psycopg2."""
