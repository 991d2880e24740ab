#!/usr/bin/env bash
# build.sh COMPONENT...   builds the lab's programs from Go modules; without arguments all of them.
# A component is built once per hash of its sources, flags and Go version, into $LAB_CACHE/<name>-<hash>/.
. "$(dirname "$0")/lib.sh"
export GOFLAGS="-p=$LAB_JOBS -mod=readonly -buildvcs=false" CGO_ENABLED=0 GOWORK=off GOTOOLCHAIN=local
[ $# -gt 0 ] || set -- etcd k8s kwok kind node containerd crictl cni coredns capi capi-render runc cert-manager

# version PACKAGE VERSION: the linker flags by which a program of the project knows its version
version() {
  local minor=${2#v1.}; minor=${minor%%.*}
  echo "-X $1.gitVersion=$2 -X $1.gitMajor=1 -X $1.gitMinor=$minor -X $1.gitTreeState=clean -X $1.gitCommit=0000000000000000000000000000000000000000 -X $1.buildDate=2026-01-01T00:00:00Z"
}
# component NAME MODULE TAGS LDFLAGS OUT=PACKAGE...
component() {
  local name=$1 dir=$LAB_HERE/go/$2 tags=$3 ld="-s -w $4" hash out t0; shift 4
  hash=$({ find "$dir" -type f -print0 | sort -z | xargs -0 cat; echo "$ld $tags $*"; go version; } | sha256sum | cut -c1-16)
  out=$LAB_CACHE/$name-$hash
  if [ ! -f "$out/.done" ]; then
    t0=$(now); say "building $name ($hash)"
    mkdir -p "$out.tmp.$$"
    for pair in "$@"; do
      (cd "$dir" && go build -trimpath -tags "$tags" -ldflags "$ld" -o "$out.tmp.$$/${pair%%=*}" "${pair#*=}")
    done
    touch "$out.tmp.$$/.done"; rm -rf "$out"; mv "$out.tmp.$$" "$out"
    say "built $name in $(since "$t0") s"
  fi
  for pair in "$@"; do ln -sfn "$out/${pair%%=*}" "$LAB_BIN/${pair%%=*}"; done
}
k8s_flags="$(version k8s.io/component-base/version $K8S_VERSION) $(version k8s.io/client-go/pkg/version $K8S_VERSION)"
K=k8s.io/kubernetes/cmd
for c in "$@"; do
  case $c in
    etcd) component etcd etcd "" "" etcd=go.etcd.io/etcd/server/v3 etcdctl=go.etcd.io/etcd/etcdctl/v3 ;;
    k8s) component k8s k8s "" "$k8s_flags" kube-apiserver=$K/kube-apiserver kube-controller-manager=$K/kube-controller-manager \
           kube-scheduler=$K/kube-scheduler kubectl=$K/kubectl ;;
    node) component node k8s "" "$k8s_flags" kubeadm=$K/kubeadm kubelet=$K/kubelet kube-proxy=$K/kube-proxy pause=./pause kindnetd=./kindnetd ;;
    kwok) component kwok kwok "" "-X sigs.k8s.io/kwok/pkg/consts.Version=$KWOK_VERSION" kwok=sigs.k8s.io/kwok/cmd/kwok ;;
    kind) component kind kind "" "" kind=sigs.k8s.io/kind ;;
    containerd) C=github.com/containerd/containerd/v2
      component containerd containerd "no_btrfs no_zfs no_devmapper no_aufs static_build netgo osusergo" "-X $C/version.Version=$CONTAINERD_VERSION" \
        containerd=$C/cmd/containerd containerd-shim-runc-v2=$C/cmd/containerd-shim-runc-v2 ctr=$C/cmd/ctr ;;
    crictl) component crictl crictl "" "-X sigs.k8s.io/cri-tools/pkg/version.Version=$CRICTL_VERSION" crictl=sigs.k8s.io/cri-tools/cmd/crictl ;;
    cni) P=github.com/containernetworking/plugins
      component cni cni "" "-X $P/pkg/utils/buildversion.BuildVersion=$CNI_VERSION" host-local=$P/plugins/ipam/host-local \
        loopback=$P/plugins/main/loopback ptp=$P/plugins/main/ptp bridge=$P/plugins/main/bridge portmap=$P/plugins/meta/portmap ;;
    coredns) component coredns coredns "" "" coredns=. ;;
    runc) component runc runc-nosr "" "" runc-nosr=. ;;
    capi) component capi capi "" "$(version sigs.k8s.io/cluster-api/version $CAPI_VERSION)" clusterctl=sigs.k8s.io/cluster-api/cmd/clusterctl \
            capi-core=sigs.k8s.io/cluster-api/core capi-bootstrap=sigs.k8s.io/cluster-api/bootstrap/kubeadm \
            capi-controlplane=sigs.k8s.io/cluster-api/controlplane/kubeadm capd=sigs.k8s.io/cluster-api/test/infrastructure/docker ;;
    capi-render) component capi-render capi-render "" "" capi-render=. ;;
    cert-manager)
      # cert-manager's own packages are internal: our small main is built inside a copy of its module.
      M=$(go env GOMODCACHE)/github.com/cert-manager/cert-manager@$CERT_MANAGER_VERSION
      hash=$({ cat "$LAB_HERE/go/cert-manager/main.go"; echo "$CERT_MANAGER_VERSION $K8S_VERSION"; go version; } | sha256sum | cut -c1-16)
      out=$LAB_CACHE/cert-manager-$hash
      if [ ! -f "$out/.done" ]; then
        t0=$(now); say "building cert-manager ($hash)"
        (cd / && GOFLAGS=-mod=mod go mod download "github.com/cert-manager/cert-manager@$CERT_MANAGER_VERSION")
        rm -rf "$out"; mkdir -p "$out/source/cmd/kos"
        cp -r "$M"/{go.mod,go.sum,pkg,internal,third_party} "$out/source/"; chmod -R u+w "$out/source"
        cp "$LAB_HERE/go/cert-manager/main.go" "$out/source/cmd/kos/"
        # the same Kubernetes libraries as Cluster API: packages are compiled once for both
        (cd "$out/source"; mapfile -t wanted < <(grep -E '^	k8s.io/.* v0.36.2' go.mod | awk '{print $1"@v0.36.3"}'); GOFLAGS=-mod=mod go get "${wanted[@]}"
         GOFLAGS="-p=$LAB_JOBS -mod=mod -buildvcs=false" go build -trimpath -ldflags "-s -w -X github.com/cert-manager/cert-manager/pkg/util.AppVersion=$CERT_MANAGER_VERSION" -o "$out/cert-manager" ./cmd/kos)
        cp -r "$M/deploy/charts/cert-manager" "$out/chart"; chmod -R u+w "$out/chart"
        rm -rf "$out/source"; touch "$out/.done"
        say "built cert-manager in $(since "$t0") s"
      fi
      ln -sfn "$out/cert-manager" "$LAB_BIN/cert-manager"; ln -sfn "$out/chart" "$LAB_CACHE/cert-manager-chart" ;;
    *) echo "there is no component $c" >&2; exit 2 ;;
  esac
done
