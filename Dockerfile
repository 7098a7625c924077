# Dealwire with Airflow, for docker-compose.yml. Packages are pinned by hash; nothing runs as root.
# bench/image.py replays these steps in a clean folder, where there is no Docker engine.
FROM python:3.11.14-slim-bookworm

RUN useradd --create-home --uid 50000 dealwire
WORKDIR /opt/dealwire
COPY bin/setup bin/setup
COPY requirements-boot.lock requirements-celery.lock ./
RUN LOCK=requirements-celery.lock bin/setup && rm -rf .venv-boot /root/.cache
COPY . .
RUN mkdir -p /var/lib/dealwire && chown dealwire /var/lib/dealwire
USER dealwire
ENV PATH=/opt/dealwire/.venv/bin:$PATH \
    PYTHONPATH=/opt/dealwire/plugins \
    DEALWIRE_HOME=/var/lib/dealwire \
    AIRFLOW_HOME=/var/lib/dealwire/airflow
