# The bot alone; compose.yaml puts a Postgres beside it. Built from the lock file, so that each build has the same packages.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/goalkeeper
COPY requirements.txt /src/
RUN /opt/goalkeeper/bin/pip install --require-hashes --only-binary=:all: -r /src/requirements.txt
COPY pyproject.toml README.md manifest.yml /src/
COPY bot /src/bot
COPY domain /src/domain
COPY migrations /src/migrations
COPY sandbox /src/sandbox
RUN /opt/goalkeeper/bin/pip install --no-deps --no-build-isolation /src

FROM python:3.13-slim
RUN useradd --system --create-home --home-dir /var/lib/goalkeeper goalkeeper
COPY --from=build /opt/goalkeeper /opt/goalkeeper
USER goalkeeper
ENV PATH=/opt/goalkeeper/bin:$PATH HOST=0.0.0.0 PORT=8000 LOG_FORMAT=json GOALKEEPER_DATA_DIR=/var/lib/goalkeeper
EXPOSE 8000
# A stopped container finishes what it has in hand; that takes up to ten seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz')"]
ENTRYPOINT ["goalkeeper"]
CMD ["run"]
