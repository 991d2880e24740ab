#!/usr/bin/env bash
# A provider repository for clusterctl in $LAB_DIR/providers, whose webhooks processes on this machine serve, and
# $LAB_DIR/clusterctl.yaml that leads to it. Needs no server.
. "$(dirname "$0")/../lib.sh"; . "$LAB_HERE/kubernetes/certs.sh"
make_pki
# ---- 1. what the Go modules hold, once per version
hash=$({ cat "$0" "$LAB_HERE/go/capi/go.sum"; echo "$CERT_MANAGER_VERSION"; } | sha256sum | cut -c1-16)
RAW=$LAB_CACHE/capi-components-$hash
if [ ! -f "$RAW/.done" ]; then
  say "components of Cluster API $CAPI_VERSION ($hash)"
  export GOWORK=off GOTOOLCHAIN=local
  folder() { (cd "$LAB_HERE/go/capi" && GOFLAGS=-mod=readonly go mod download -json "$1") | sed -n 's/.*"Dir": "\(.*\)".*/\1/p'; }
  C=$(folder sigs.k8s.io/cluster-api) T=$(folder sigs.k8s.io/cluster-api/test)
  M=$(cd / && GOFLAGS=-mod=mod go mod download -json "github.com/cert-manager/cert-manager@$CERT_MANAGER_VERSION" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  tmp=$RAW.tmp.$$; mkdir -p "$tmp/templates"
  kubectl kustomize "$C/core/config/default" >"$tmp/cluster-api.yaml"
  kubectl kustomize "$C/bootstrap/kubeadm/config/default" >"$tmp/bootstrap-kubeadm.yaml"
  kubectl kustomize "$C/controlplane/kubeadm/config/default" >"$tmp/control-plane-kubeadm.yaml"
  kubectl kustomize "$T/infrastructure/docker/config/default" >"$tmp/infrastructure-docker.yaml"
  cp "$C/metadata.yaml" "$tmp/"; cp "$T/infrastructure/docker/templates/"*.yaml "$tmp/templates/"
  for crd in certificates certificaterequests issuers clusterissuers; do printf -- '---\n'; cat "$M/deploy/crds/cert-manager.io_$crd.yaml"; done >"$tmp/cert-manager-crds.yaml"
  chmod -R u+w "$tmp"; touch "$tmp/.done"; rm -rf "$RAW"; mv "$tmp" "$RAW"
fi
# ---- 2. the repository, with our CA and our ports
P=$LAB_DIR/providers
provider() { # LABEL FILE PORT
  local d=$P/$1/$CAPI_VERSION; mkdir -p "$d"
  capi-render -port "$3" -ca "$PKI/ca.crt" -image "registry.k8s.io/cluster-api/$1:$CAPI_VERSION" <"$RAW/$1.yaml" >"$d/$2"
  cp "$RAW/metadata.yaml" "$d/"
}
provider cluster-api core-components.yaml "$P_WEBHOOK"
provider bootstrap-kubeadm bootstrap-components.yaml $((P_WEBHOOK+1))
provider control-plane-kubeadm control-plane-components.yaml $((P_WEBHOOK+2))
provider infrastructure-docker infrastructure-components.yaml $((P_WEBHOOK+3))
cp "$RAW/templates/"*.yaml "$P/infrastructure-docker/$CAPI_VERSION/"
# cert-manager: its real CRDs, and Deployments that kwok runs; nothing here needs a certificate of it
mkdir -p "$P/cert-manager/$CERT_MANAGER_VERSION"
{ sed "s/@VERSION@/$CERT_MANAGER_VERSION/" "$LAB_HERE/capi/manifests/cert-manager.yaml"; cat "$RAW/cert-manager-crds.yaml"; } >"$P/cert-manager/$CERT_MANAGER_VERSION/cert-manager.yaml"
cat >"$LAB_DIR/clusterctl.yaml" <<Y
providers:
- {name: cluster-api, type: CoreProvider, url: "file://$P/cluster-api/$CAPI_VERSION/core-components.yaml"}
- {name: kubeadm, type: BootstrapProvider, url: "file://$P/bootstrap-kubeadm/$CAPI_VERSION/bootstrap-components.yaml"}
- {name: kubeadm, type: ControlPlaneProvider, url: "file://$P/control-plane-kubeadm/$CAPI_VERSION/control-plane-components.yaml"}
- {name: docker, type: InfrastructureProvider, url: "file://$P/infrastructure-docker/$CAPI_VERSION/infrastructure-components.yaml"}
cert-manager: {url: "file://$P/cert-manager/$CERT_MANAGER_VERSION/cert-manager.yaml", version: $CERT_MANAGER_VERSION, timeout: 1m}
CLUSTER_TOPOLOGY: "true"
EXP_MACHINE_POOL: "true"
Y
