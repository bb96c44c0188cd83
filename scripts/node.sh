#!/bin/sh
# Runs a script with a Node that runs TypeScript, whatever Node is on the PATH: sh scripts/node.sh FILE [argument …]
set -eu
root=$(CDPATH= cd -P -- "$(dirname -- "$0")/.." && pwd)
. "$root/scripts/choose-node.sh"
choose_node
exec "$node" --disable-warning=ExperimentalWarning "$@"
