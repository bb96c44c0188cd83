#!/bin/sh
# Runs one service by its name, the step that makes NATS' users (nats-users), or any command of the command line.
set -eu
cd /app
service=${1:-}
case $service in
  ingest | collector | insight | reporter) ;;
  nats-users)
    shift
    exec sh deploy/image/nats-users.sh "$@"
    ;;
  *) exec chimera "$@" ;;
esac

# In a container the page is open beyond loopback, so it must have a token. Where none is given, one is made at the
# first start and kept with the reports: nothing to set up, and no token that everybody knows.
if [ "$service" = reporter ] && [ -z "${CHIMERA_HTTP_TOKEN:-}${CHIMERA_HTTP_TOKEN_FILE:-}" ]; then
  kept=$CHIMERA_HOME/http-token
  if [ ! -s "$kept" ]; then
    (umask 077 && node -p 'crypto.randomBytes(24).toString("base64url")' >"$kept.part")
    mv "$kept.part" "$kept"
  fi
  CHIMERA_HTTP_TOKEN=$(cat "$kept")
  export CHIMERA_HTTP_TOKEN
  printf '{"level":"info","service":"reporter","msg":"CHIMERA_HTTP_TOKEN is not set: the token of the page is in %s"}\n' "$kept" >&2
fi

# Very many artifacts need more than the engine takes by itself: its heap ends at some 4 GB, whatever the container may have, and
# with more room for what is young less is copied. What somebody set stays.
case ${NODE_OPTIONS:-} in
  *max-old-space-size* | *max_old_space_size*) ;;
  *) NODE_OPTIONS="${NODE_OPTIONS:+$NODE_OPTIONS }--max-old-space-size-percentage=75" ;;
esac
case $NODE_OPTIONS in
  *semi-space-size* | *semi_space_size*) ;;
  *) NODE_OPTIONS="$NODE_OPTIONS --max-semi-space-size=64" ;;
esac
export NODE_OPTIONS

# exec: the service itself gets the signals.
exec node "services/$service/src/main.ts"
