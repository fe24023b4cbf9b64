# The bot alone: no sandbox, no tests, no tools to develop. State lives in the volume /data.
#
#   docker build -t number-check-bot .
#   docker run --env-file .env -v number-check-data:/data --read-only --tmpfs /tmp --stop-timeout 30 number-check-bot

FROM python:3.11-slim AS packages
COPY requirements.lock .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock


FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    DATABASE_URL=sqlite:////data/bot.db

# A fixed number, so that a volume or a folder of the host can be given to this user beforehand.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin bot \
    && install --directory --owner=bot --group=bot --mode=0700 /data

WORKDIR /app
COPY --from=packages /venv /venv
COPY bot bot
COPY handlers handlers
COPY storage storage
# Compiled now: at run time the user cannot write here, and every start would compile again.
RUN python -m compileall -q bot handlers storage
ENV PYTHONDONTWRITEBYTECODE=1

USER bot
VOLUME /data

# The worker touches the file at least every 10 seconds; a bot whose worker stands still is not healthy, whatever it answers.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=2 \
    CMD ["python", "-c", "import os, sys, time; sys.exit(time.time() - os.stat(os.path.join(os.environ['DATA_DIR'], 'heartbeat')).st_mtime > 60)"]

# The bot needs up to 20 seconds to stop with nothing lost: give it more than Docker's 10 (--stop-timeout 30).
STOPSIGNAL SIGTERM
CMD ["python", "-m", "bot"]
