#!/bin/sh
# Fetches the configured model into the Ollama server of OLLAMA_HOST; one that is there already is only checked for news.
set -eu
if [ "$CHIMERA_MODEL" = none ]; then
  echo 'CHIMERA_MODEL is none: there is nothing to fetch.'
  exit 0
fi
exec ollama pull "$CHIMERA_MODEL"
