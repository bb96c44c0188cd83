# Sourced with $root set to the project: sets $node to a Node that runs TypeScript, or says what to do and ends with 1.
# First the one `npm run setup` brought, else the one on the PATH when it is 22.18 or newer.
choose_node() {
  node=$root/.cache/node/bin/node
  if [ -x "$node" ]; then
    PATH=$root/.cache/node/bin:$PATH
  else
    node=$(command -v node) || node=
    version=$("${node:-false}" --version 2>/dev/null) || version=v0.0.0
    major=${version#v}
    minor=${major#*.}
    major=${major%%.*}
    minor=${minor%%.*}
    if [ "$major" -lt 22 ] || { [ "$major" -eq 22 ] && [ "$minor" -lt 18 ]; }; then
      [ -n "$node" ] && found="the one on the PATH is ${version#v}" || found='there is none on the PATH'
      echo "chimera: Node 22.18 or newer is needed and $found; run \`npm run setup\` in $root, which brings one." >&2
      exit 1
    fi
  fi
  if [ ! -d "$root/node_modules" ]; then
    echo "chimera: the dependencies are not installed; run \`npm run setup\` in $root." >&2
    exit 1
  fi
  PATH=$root/node_modules/.bin:$PATH
  NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE:-$root/.cache/compile}
  export PATH NODE_COMPILE_CACHE
}
