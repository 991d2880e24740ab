#!/usr/bin/env bash
# Stops the managers that up.sh started, by pid file; what they made goes with the control plane.
. "$(dirname "$0")/../lib.sh"
for n in $CAPI_MANAGERS; do stop "$n"; done
