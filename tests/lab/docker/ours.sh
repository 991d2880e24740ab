# shellcheck shell=bash
# The Docker engine that the lab started, and its fence.
D=$LAB_CACHE/docker
OURS=$D/run/ours.pid
# ours: the engine that answers is the lab's, by where it keeps its data; which process it is is kept
ours() {
  local pid
  [ "$(docker info --format '{{.DockerRootDir}}' 2>/dev/null)" -ef "$D/data" ] && pid=$(cat /var/run/docker.pid 2>/dev/null) &&
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] && keep "$OURS" "$pid"
}
# fence: nothing leaves Docker's bridges for the outside. A service address that kube-proxy has not programmed yet would
# otherwise reach the machine's own way out and be answered there by somebody else.
fence() {
  local outside rule b
  outside=$(ip -4 route show default | awk '{for(i=1;i<NF;i++) if($i=="dev"){print $(i+1); exit}}'); outside=${outside:-eth0}
  for b in br-+ docker0; do
    rule=(-i "$b" -o "$outside" -m comment --comment kos-lab-fence -j REJECT)
    iptables -C DOCKER-USER "${rule[@]}" 2>/dev/null || iptables -I DOCKER-USER "${rule[@]}"
  done
  iptables -S DOCKER-USER | grep -c kos-lab-fence | grep -qx 2 || { echo "the fence does not stand" >&2; return 1; }
}
# unfence: the rules stay when the engine ends, and would hold containers of the next one
unfence() {
  local rules rule words
  rules=$(iptables -S DOCKER-USER 2>/dev/null | grep kos-lab-fence) || return 0
  while read -r rule; do read -ra words <<<"$rule"; iptables -D "${words[@]:1}"; done <<<"$rules"
}
