#!/usr/bin/env bash
# Puts Cluster API on the control plane of kubernetes/up.sh: the real clusterctl installs it, the four real managers run
# as processes of this machine, and Docker's provider makes its machines in memory. Idempotent.
. "$(dirname "$0")/../lib.sh"
"$LAB_HERE/build.sh" capi capi-render
export KUBECONFIG=$LAB_DIR/admin.kubeconfig CLUSTERCTL_DISABLE_VERSIONCHECK=true
t0=$(now)
if ! kubectl get providers.clusterctl.cluster.x-k8s.io -A -o name 2>/dev/null | grep -q infrastructure-docker; then
  "$LAB_HERE/capi/providers.sh"
  clusterctl init --config "$LAB_DIR/clusterctl.yaml" --core cluster-api --bootstrap kubeadm --control-plane kubeadm --infrastructure docker \
    --wait-providers >"$LOGS/clusterctl-init.log" 2>&1 || { cat "$LOGS/clusterctl-init.log" >&2; exit 1; }
fi
kubectl wait --for=condition=Established crd --all --timeout=60s >/dev/null
say "Cluster API installed $(since "$t0") s"
mkdir -p "$LAB_DIR/webhooks"; ln -sfn "$PKI/serving.crt" "$LAB_DIR/webhooks/tls.crt"; ln -sfn "$PKI/serving.key" "$LAB_DIR/webhooks/tls.key"
export POD_IP=127.0.0.1 POD_NAMESPACE=capi-system POD_NAME=local POD_UID=00000000-0000-0000-0000-000000000000
manager() { # NAME INDEX GATES
  start_logged "$1" "$1" --kubeconfig "$KUBECONFIG" --leader-elect=false --diagnostics-address 0 --feature-gates "$3" \
    --webhook-port $((P_WEBHOOK+$2)) --webhook-cert-dir "$LAB_DIR/webhooks" --health-addr "127.0.0.1:$((P_HEALTH+$2))"
}
managers() {
  manager capi-core 0 "ClusterTopology=${LAB_TOPOLOGY:-true},MachinePool=true"   # false: as installed without CLUSTER_TOPOLOGY
  manager capi-bootstrap 1 MachinePool=true
  manager capi-controlplane 2 ClusterTopology=true,MachinePool=true
  manager capd 3 ClusterTopology=true,MachinePool=true   # its machines in memory answer on 20000 and up, for their debugging on 19000
}
# A manager that asks for its kinds before the API server tells of them ends: it is started again until it is ready.
for i in 0 1 2 3; do
  for _ in $(seq 60); do
    managers
    wait_http "http://127.0.0.1:$((P_HEALTH+i))/readyz" 1 2>/dev/null && continue 2
  done
  echo "manager $i did not become ready; see $LOGS" >&2; exit 1
done
# without the feature its webhook takes no class; the one that is there stays
[ "${LAB_TOPOLOGY:-true}" = true ] || exit 0
# the class of the provider's own repository, with machines that take a second instead of ten
sed -E 's/startupDuration: "[0-9]+s"/startupDuration: "1s"/' "$LAB_DIR/providers/infrastructure-docker/$CAPI_VERSION/clusterclass-in-memory.yaml" |
  kubectl -n default apply --server-side --force-conflicts -f - >/dev/null
say "managers ready $(since "$t0") s"
