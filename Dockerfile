# One image for web, worker, beat and sequencer; what each does stands in docker-compose.yml.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1

RUN useradd --uid 10001 --create-home tongdian \
    && install -d -o tongdian -g tongdian /data /ledger
WORKDIR /app

COPY requirements.lock .
RUN pip install --require-hashes -r requirements.lock

COPY . .
RUN python -c "from config.catalogues import compile_stale; compile_stale()"

USER tongdian
ENV TONGDIAN_DATA_DIR=/data DJANGO_SETTINGS_MODULE=config.settings
VOLUME ["/data", "/ledger"]
EXPOSE 8000

CMD ["sh", "-c", "python manage.py collectstatic --noinput --verbosity=0 && exec gunicorn config.wsgi:application --bind 0.0.0.0:8000 --workers 2 --threads 4 --no-control-socket"]
