#!/usr/bin/env bash
# Stops the Docker engine that engine.sh started; the machine's own is left alone.
. "$(dirname "$0")/../lib.sh"
ours=$LAB_CACHE/docker/run/ours.pid
[ -f "$ours" ] || exit 0
pid=$(cat "$ours")
kill "$pid" 2>/dev/null || true
for _ in $(seq 300); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
rm -f "$ours"
