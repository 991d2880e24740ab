#!/usr/bin/env bash
# ahead.sh PART...   builds what takes long of these parts of the lab, and starts nothing.
. "$(dirname "$0")/lib.sh"
for part in "$@"; do
  case $part in
    kubernetes) "$LAB_HERE/build.sh" etcd k8s kwok ;;
    capi) "$LAB_HERE/build.sh" capi capi-render ;;
    docker) "$LAB_HERE/docker/rootfs.sh"; "$LAB_HERE/build.sh" ;;
    *) echo "there is no part $part" >&2; exit 2 ;;
  esac
done
