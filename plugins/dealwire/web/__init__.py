"""The page inside the Airflow UI: a FastAPI app that imports neither Airflow nor the store; both are handed to it."""
