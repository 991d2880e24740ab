#!/usr/bin/env bash
# Stops the Docker engine that engine.sh started, and takes its fence away. The machine's own goes on: what the lab put into it
# is removed from it.
. "$(dirname "$0")/../lib.sh"; . "$LAB_HERE/docker/ours.sh"; . "$LAB_HERE/docker/images.sh"
if ours || alive "$OURS"; then
  end "$OURS" 30
  if alive "$OURS"; then echo "the lab's Docker engine does not end" >&2; exit 1; fi
elif docker info >/dev/null 2>&1; then
  forget
fi
# also of an engine that ended by itself
unfence
rm -f "$OURS"
