#!/bin/sh
# Run once by the postgres image on an empty volume: roles, their passwords, and the database.
set -eu

export PGOPTIONS="-c tongdian.app_password=$APP_PASSWORD \
  -c tongdian.migrate_password=$MIGRATE_PASSWORD \
  -c tongdian.sequencer_password=$SEQUENCER_PASSWORD"

run() { psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"; }

run --dbname template1 --file /tongdian/roles.sql
run --dbname postgres --command "CREATE DATABASE tongdian OWNER tongdian_owner"
run --dbname tongdian --file /tongdian/roles.sql
