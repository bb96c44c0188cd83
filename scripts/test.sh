#!/bin/sh
# Checks types, then style, then runs the tests; arguments go to vitest. Ends at the first that fails.
# What runs beside what is in vitest.config.ts. A run of all tests also checks that docs/hazards.md says what they show.
# The very last line is the count: N passed, N failed, N skipped
set -eu
root=$(CDPATH= cd -P -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
node scripts/setup.mjs --for-tests

step() {
  name=$1
  shift
  echo "test: $name" >&2
  if "$@"; then return; fi
  echo "test: the $name failed, so the tests were not run; mend what is listed above, then run this again." >&2
  exit 1
}
step 'type check' sh scripts/node.sh node_modules/typescript/bin/tsc -p tsconfig.json
[ -t 1 ] && colors=force || colors=off
step 'style check' sh scripts/node.sh node_modules/@biomejs/biome/bin/biome ci --colors=$colors .

result=$(mktemp "${TMPDIR:-/tmp}/chimera-test.XXXXXX")
trap 'rm -f "$result"' EXIT
status=0
sh scripts/node.sh node_modules/vitest/vitest.mjs run --reporter=default --reporter=json --outputFile.json="$result" "$@" || status=$?
# Only a full run knows all tests that docs/hazards.md names.
if [ $# -eq 0 ]; then
  hazards=0
  sh scripts/node.sh scripts/hazards.ts "$result" --check || hazards=$?
  [ "$status" -ne 0 ] || status=$hazards
fi
node scripts/count-tests.mjs "$result" "$status"
