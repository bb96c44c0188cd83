#!/bin/sh
# Makes NATS' configuration and users where there are none, brings them up to date else, and hands out copies: the
# configuration to NATS, and to each service the credentials that are its own. The keys that sign stay where they were made.
# Arguments go to "chimera nats init".
set -eu
keys=/var/lib/chimera-nats
chimera nats init "$keys" --host 0.0.0.0 --store-dir /data --monitor 127.0.0.1:8222 --max-storage "$CHIMERA_NATS_STORAGE" "$@"

# hand_out FROM TO MODE: never half a file under its name.
hand_out() {
  install -m "$3" "$1" "$2.part"
  mv -f "$2.part" "$2"
}

hand_out "$keys/nats.conf" /mnt/nats/nats.conf 444
for service in ingest collector insight reporter; do
  hand_out "$keys/creds/$service.creds" "/mnt/creds/$service/nats.creds" 400
done
