#!/usr/bin/env bash
# Starts etcd, kube-apiserver, controller-manager, scheduler and kwok on 127.0.0.1. Idempotent.
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"; . "$HERE/certs.sh"
"$HERE/../build.sh" etcd k8s kwok
mkdir -p "$PKI" "$LOGS" "$RUN" "$LAB_DIR/etcd"; chmod 700 "$LAB_DIR" "$PKI"
t0=$(now)
make_pki
kubeconfig "$LAB_DIR/admin.kubeconfig" admin kubernetes-admin
kubeconfig "$LAB_DIR/kcm.kubeconfig" kcm kcm
kubeconfig "$LAB_DIR/scheduler.kubeconfig" scheduler scheduler
# static tokens: token,user,uid,"groups"
cat >"$LAB_DIR/tokens.csv" <<'T'
lab-admin-token,lab-admin,u-admin,"system:masters"
lab-dev-token,dev,u-dev,"lab:developers"
lab-viewer-token,viewer,u-viewer,"lab:viewers"
lab-nobody-token,nobody,u-nobody
T
# OIDC-ready: reloaded by the apiserver when the file changes (write jwt: entries here, no restart)
[ -f "$LAB_DIR/authn.yaml" ] || cat >"$LAB_DIR/authn.yaml" <<'T'
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt: []
anonymous:
  enabled: true
  conditions:
  - path: /livez
  - path: /readyz
  - path: /healthz
T
say "pki ready $(since "$t0")s"

start etcd etcd --name lab --data-dir "$LAB_DIR/etcd" \
  --listen-client-urls "http://127.0.0.1:$P_ETCD" --advertise-client-urls "http://127.0.0.1:$P_ETCD" \
  --listen-peer-urls "http://127.0.0.1:$P_ETCDPEER" --initial-advertise-peer-urls "http://127.0.0.1:$P_ETCDPEER" \
  --initial-cluster "lab=http://127.0.0.1:$P_ETCDPEER" --unsafe-no-fsync --log-level warn
start kube-apiserver kube-apiserver \
  --etcd-servers "http://127.0.0.1:$P_ETCD" \
  --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$P_API" \
  --endpoint-reconciler-type none \
  --service-cluster-ip-range 10.96.0.0/16 \
  --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key" --client-ca-file "$PKI/ca.crt" \
  --authorization-mode Node,RBAC --token-auth-file "$LAB_DIR/tokens.csv" --enable-bootstrap-token-auth \
  --authentication-config "$LAB_DIR/authn.yaml" \
  --service-account-issuer "https://127.0.0.1:$P_API" --service-account-key-file "$PKI/sa.pub" --service-account-signing-key-file "$PKI/sa.key" \
  --api-audiences "https://127.0.0.1:$P_API",https://kubernetes.default.svc \
  --requestheader-client-ca-file "$PKI/front-proxy-ca.crt" --requestheader-allowed-names front-proxy-client \
  --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group --requestheader-extra-headers-prefix X-Remote-Extra- \
  --proxy-client-cert-file "$PKI/front-proxy.crt" --proxy-client-key-file "$PKI/front-proxy.key" \
  --kubelet-client-certificate "$PKI/kubelet-client.crt" --kubelet-client-key "$PKI/kubelet-client.key" \
  --kubelet-certificate-authority "$PKI/ca.crt" --kubelet-preferred-address-types InternalIP,Hostname \
  --enable-admission-plugins NodeRestriction --allow-privileged --profiling=false --shutdown-delay-duration 0s \
  ${LAB_APISERVER_ARGS:-}
wait_http "https://127.0.0.1:$P_API/readyz" 90 --cacert "$PKI/ca.crt"
say "apiserver ready $(since "$t0")s"

start kube-controller-manager kube-controller-manager \
  --kubeconfig "$LAB_DIR/kcm.kubeconfig" --authentication-kubeconfig "$LAB_DIR/kcm.kubeconfig" --authorization-kubeconfig "$LAB_DIR/kcm.kubeconfig" \
  --bind-address 127.0.0.1 --secure-port "$P_KCM" --tls-cert-file "$PKI/serving.crt" --tls-private-key-file "$PKI/serving.key" \
  --leader-elect=false --use-service-account-credentials --controllers '*,bootstrapsigner,tokencleaner' \
  --service-account-private-key-file "$PKI/sa.key" --root-ca-file "$PKI/ca.crt" \
  --cluster-signing-cert-file "$PKI/ca.crt" --cluster-signing-key-file "$PKI/ca.key" \
  --service-cluster-ip-range 10.96.0.0/16 --profiling=false
start kube-scheduler kube-scheduler \
  --kubeconfig "$LAB_DIR/scheduler.kubeconfig" --authentication-kubeconfig "$LAB_DIR/scheduler.kubeconfig" --authorization-kubeconfig "$LAB_DIR/scheduler.kubeconfig" \
  --bind-address 127.0.0.1 --secure-port "$P_SCHED" --tls-cert-file "$PKI/serving.crt" --tls-private-key-file "$PKI/serving.key" \
  --leader-elect=false --profiling=false
{ sed "s#@LAB_DIR@#$LAB_DIR#g" "$HERE/manifests/kwok.yaml"; echo ---; cat "$HERE/manifests/kwok-stages.yaml"; } >"$LAB_DIR/kwok.yaml"
mkdir -p "$LAB_DIR/kwok"; [ -f "$LAB_DIR/kwok/pod.log" ] || for i in $(seq 200); do echo "2026-01-01T00:00:$(printf %02d $((i%60))).000000000Z stdout F line $i of the fake pod log"; done >"$LAB_DIR/kwok/pod.log"
start kwok kwok --config "$LAB_DIR/kwok.yaml" --kubeconfig "$LAB_DIR/admin.kubeconfig" --manage-all-nodes \
  --node-ip 127.0.0.1 --node-name localhost --node-port "$P_KWOK" --server-address "127.0.0.1:$P_KWOK" \
  --tls-cert-file "$PKI/serving.crt" --tls-private-key-file "$PKI/serving.key" --cidr 10.244.0.0/16 --node-lease-duration-seconds 40
export KUBECONFIG=$LAB_DIR/admin.kubeconfig
if [ "$LAB_NODES" -gt 0 ]; then
  for i in $(seq "$LAB_NODES"); do
    printf -- '---\napiVersion: v1\nkind: Node\nmetadata:\n  name: node-%s\n  labels: {kubernetes.io/hostname: node-%s, type: kwok}\n  annotations: {kwok.x-k8s.io/node: fake}\n' "$i" "$i"
  done | kubectl apply --server-side -f - >/dev/null
fi
kubectl apply --server-side -f "$HERE/manifests/rbac.yaml" >/dev/null
[ "$LAB_NODES" = 0 ] || kubectl wait --for=condition=Ready node --all --timeout=60s >/dev/null
for _ in $(seq 100); do kubectl -n default get sa default >/dev/null 2>&1 && break; sleep 0.1; done
say "nodes ready, default ServiceAccount there $(since "$t0")s"
echo "KUBECONFIG=$LAB_DIR/admin.kubeconfig"
