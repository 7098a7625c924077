# Dealwire with Airflow, for docker-compose.yml. Packages are pinned by hash; nothing runs as root.
FROM python:3.11-slim-bookworm

RUN useradd --create-home --uid 50000 dealwire
WORKDIR /opt/dealwire
COPY requirements.lock ./
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY --chown=dealwire . .
# bin/setup finds the packages in place and adds the command and the path of the library.
RUN .venv/bin/python -m venv .venv-boot && bin/setup && rm -rf .venv-boot \
    && mkdir -p /var/lib/dealwire && chown -R dealwire /var/lib/dealwire
USER dealwire
ENV PATH=/opt/dealwire/.venv/bin:$PATH \
    PYTHONPATH=/opt/dealwire/plugins \
    DEALWIRE_HOME=/var/lib/dealwire \
    AIRFLOW_HOME=/var/lib/dealwire/airflow
