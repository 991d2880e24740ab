#!/usr/bin/env bash
# Makes a Docker engine answer: the machine's own, else one started here (root, no systemd needed). Idempotent.
. "$(dirname "$0")/../lib.sh"; . "$LAB_HERE/docker/ours.sh"
mkdir -p "$D/run"
if ! docker info >/dev/null 2>&1; then
  if ! command -v dockerd >/dev/null || ! command -v debootstrap >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iptables debootstrap
  fi
  # a kubelet and several nodes eat inotify instances (default 128)
  sysctl -qw fs.inotify.max_user_instances=1024 fs.inotify.max_user_watches=524288 || true
  sysctl -qw net.ipv4.ip_forward=1 || true
  # Machines without CAP_SYS_RESOURCE in the bounding set: a wrapper of runc drops what the machine does not have.
  # containerd looks for its shim in the PATH at each start of a container, and finds the lab's own once that is built: both
  # have to be of one release from the beginning.
  "$LAB_HERE/build.sh" runc containerd
  rm -f /var/run/docker.pid
  nohup setsid dockerd --data-root "$D/data" --exec-root /var/run/docker --pidfile /var/run/docker.pid --live-restore=false \
    --add-runtime nosr="$(readlink -f "$LAB_BIN/runc-nosr")" --default-runtime nosr --log-level warn >"$D/run/dockerd.log" 2>&1 </dev/null &
  for _ in $(seq 120); do docker info >/dev/null 2>&1 && break; sleep 0.5; done
  ours || { echo "the Docker engine that was started here does not answer; see $D/run/dockerd.log" >&2; exit 1; }
fi
docker info >/dev/null
# before any container
if ours; then fence; fi
docker version --format '{{.Client.Version}} / {{.Server.Version}}'
