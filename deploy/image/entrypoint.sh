#!/bin/sh
# Runs one service, by its name.
set -eu
service=${1:-}
case $service in
  ingest | collector | insight | reporter) ;;
  *)
    echo "chimera: \"$service\" is no service; give ingest, collector, insight or reporter." >&2
    exit 2
    ;;
esac

# In a container the page is open beyond loopback, so it must have a token. Where none is given, one is made at the
# first start and kept with the reports: nothing to set up, and no token that everybody knows.
if [ "$service" = reporter ] && [ -z "${CHIMERA_HTTP_TOKEN:-}" ]; then
  kept=$CHIMERA_HOME/http-token
  if [ ! -s "$kept" ]; then
    (umask 077 && node -p 'crypto.randomBytes(24).toString("base64url")' >"$kept.part")
    mv "$kept.part" "$kept"
  fi
  CHIMERA_HTTP_TOKEN=$(cat "$kept")
  export CHIMERA_HTTP_TOKEN
  printf '{"level":"info","service":"reporter","msg":"CHIMERA_HTTP_TOKEN is not set: the token of the page is in %s"}\n' "$kept" >&2
fi

# exec: the service itself gets the signals.
exec node "services/$service/src/main.ts"
