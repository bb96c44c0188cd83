#!/bin/sh
# Serves the folders under /data as S3 buckets, to whoever has the key. The first bucket is made.
set -eu
if [ -z "${AWS_ACCESS_KEY_ID:-}" ] || [ -z "${AWS_SECRET_ACCESS_KEY:-}" ]; then
  echo 'The S3 server needs a key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in .env (any words of your own), then start it again.' >&2
  exit 1
fi
case $AWS_ACCESS_KEY_ID$AWS_SECRET_ACCESS_KEY in
  *[\",]*)
    echo 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must hold no comma and no quotation mark: rclone takes them as a list.' >&2
    exit 1
    ;;
esac
mkdir -p /data/artifacts
# Not as an argument, which everyone on the host could read. Quoted: without, rclone would take two keys for it, both
# incomplete, and let everybody in.
RCLONE_AUTH_KEY=\"$AWS_ACCESS_KEY_ID,$AWS_SECRET_ACCESS_KEY\"
export RCLONE_AUTH_KEY
exec rclone serve s3 --addr :9000 --config /dev/null --cache-dir /tmp/rclone /data
