# shellcheck shell=bash
# Settings that all lab scripts share. Everything can be overridden from the environment.
set -euo pipefail
LAB_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${LAB_CACHE:=${KOS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kos-build}/lab}"   # what is built, one folder per hash
: "${LAB_BIN:=$LAB_CACHE/bin}"                                                # links to the current programs
: "${LAB_DIR:=/tmp/kos-lab}"                                                  # one running control plane: certificates, data, logs, pids
: "${LAB_PORT:=17000}"                                                        # first of 16 consecutive ports on 127.0.0.1
: "${LAB_NODES:=3}"                                                           # simulated nodes made at start
: "${LAB_JOBS:=2}"
K8S_VERSION=v1.36.3
ETCD_VERSION=v3.6.8
COREDNS_VERSION=v1.14.2
CONTAINERD_VERSION=v2.3.4
CRICTL_VERSION=v1.36.0
CNI_VERSION=v1.9.1
KWOK_VERSION=v0.8.0
KIND_VERSION=v0.33.0
CAPI_VERSION=v1.14.2
CAPI_NEXT=v1.14.3
CERT_MANAGER_VERSION=v1.21.2
KINDNET_IMAGE=docker.io/kindest/kindnetd:v20260820-69b56db7
HAPROXY_IMAGE=kindest/haproxy:v20230606-42a2262b
P_API=$LAB_PORT P_ETCD=$((LAB_PORT+1)) P_ETCDPEER=$((LAB_PORT+2)) P_KCM=$((LAB_PORT+3)) P_SCHED=$((LAB_PORT+4)) P_KWOK=$((LAB_PORT+5))
P_WEBHOOK=$((LAB_PORT+6))      # +6 to +9: the webhooks of Cluster API's four managers
P_HEALTH=$((LAB_PORT+10))      # +10 to +13: what they say of their health
CAPI_MANAGERS="capd capi-controlplane capi-bootstrap capi-core"
PKI=$LAB_DIR/pki LOGS=$LAB_DIR/logs RUN=$LAB_DIR/run
export PATH=$LAB_BIN:$PATH
mkdir -p "$LAB_BIN"

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN{printf "%.1f", b-a}'; }
say() { printf '[%s] %s\n' "$(date +%T)" "$*"; }

# identity PID: its number and when it started, which no other process ever has both; nothing of one that ended, also when
# its parent has not collected it
identity() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- "$1" ${stat##*") "}   # from the third field on: the second is a name, which may hold anything
  [[ $2 != [ZX] ]] && echo "$1 ${21}"
}
# keep FILE PID: its identity; of one that ended already the number alone, which is nobody's
keep() { { identity "$2" || echo "$2"; } >"$1"; }
# alive FILE: the process that is kept there runs
alive() {
  local kept
  kept=$(cat "$1" 2>/dev/null) && [[ $kept == *" "* ]] && [ "$(identity "${kept% *}")" = "$kept" ]
}
# tell FILE SIGNAL: to the process that is kept there, and to nobody who got its number since
tell() {
  local pid
  if alive "$1" && read -r pid _ 2>/dev/null <"$1"; then kill "-$2" "$pid" 2>/dev/null || true; fi
}
# end FILE SECONDS: TERM, and that time to end
end() {
  tell "$1" TERM
  for _ in $(seq $(($2*10))); do alive "$1" || return 0; sleep 0.1; done
}
# start NAME cmd...: a background process with its log and its pid file
start() {
  local name=$1; shift
  if alive "$RUN/$name.pid"; then return 0; fi
  setsid "$@" >"$LOGS/$name.log" 2>&1 </dev/null &
  keep "$RUN/$name.pid" $!
}
# start_logged NAME cmd...: the same, its log in the form in which a kubelet keeps that of a pod. Who writes it outlives the
# script as the program does, also when the script's group is ended.
start_logged() {
  local name=$1; shift
  if alive "$RUN/$name.pid"; then return 0; fi
  setsid "$@" > >(exec setsid perl -MPOSIX=strftime -ne '$| = 1; print strftime("%Y-%m-%dT%H:%M:%S.000000000Z", gmtime), " stdout F $_"' >>"$LOGS/$name.log" 2>/dev/null) 2>&1 </dev/null &
  keep "$RUN/$name.pid" $!
}
# stop NAME: TERM, wait 10 s, then KILL
stop() {
  local f=$RUN/$1.pid
  end "$f" 10; tell "$f" KILL
  rm -f "$f"
}
# wait_http URL SECONDS [curl args]
wait_http() {
  local url=$1 t=$2; shift 2
  for _ in $(seq $((t*10))); do
    curl --noproxy '*' -fsS -o /dev/null --max-time 2 "$@" "$url" 2>/dev/null && return 0
    sleep 0.1
  done
  echo "timed out after ${t}s: $url" >&2; return 1
}
