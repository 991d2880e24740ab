#!/usr/bin/env bash
# Stops what up.sh started and what stands on it, by pid file; with --purge the data goes too.
. "$(dirname "$0")/../lib.sh"
# first a TERM to all the clients at once, so that the API server has no watches left to wait for
clients="$CAPI_MANAGERS kwok kube-scheduler kube-controller-manager"
for n in $clients; do tell "$RUN/$n.pid" TERM; done
for n in $clients kube-apiserver etcd; do stop "$n"; done
[ "${1:-}" = --purge ] && rm -rf "$LAB_DIR"
exit 0
