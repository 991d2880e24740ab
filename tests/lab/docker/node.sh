#!/usr/bin/env bash
# The node image, as `kind build node-image` makes it, with the images of Cluster API and cert-manager already inside:
# no registry is within reach, so what clusterctl installs must be in the node.
. "$(dirname "$0")/../lib.sh"; . "$LAB_HERE/docker/images.sh"
D=$LAB_CACHE/docker; OUT=$LAB_BIN; K8S=$K8S_VERSION; CM=$CERT_MANAGER_VERSION; CAPI=$CAPI_VERSION
KIND=$(cd / && go env GOMODCACHE)/sigs.k8s.io/kind@$KIND_VERSION
IMAGES="$(echo registry.k8s.io/{kube-apiserver,kube-controller-manager,kube-scheduler,kube-proxy}:$K8S) registry.k8s.io/etcd:3.6.8-0
 registry.k8s.io/coredns/coredns:v1.14.2 registry.k8s.io/pause:3.10.2 $KINDNET_IMAGE
 quay.io/jetstack/cert-manager-controller:$CM quay.io/jetstack/cert-manager-webhook:$CM quay.io/jetstack/cert-manager-cainjector:$CM
 registry.k8s.io/cluster-api/cluster-api-controller:$CAPI registry.k8s.io/cluster-api/kubeadm-bootstrap-controller:$CAPI
 registry.k8s.io/cluster-api/kubeadm-control-plane-controller:$CAPI gcr.io/k8s-staging-cluster-api/capd-manager:$CAPI"
say() { echo "[$(date +%T)] $*"; }
# ---- 4. node image: kubelet etc. + manifests + preloaded images (as `kind build node-image` does)
NODE=kindest/node:$K8S
# One node image per set of images inside: a changed one makes a new node image.
inside=$({ docker image inspect -f '{{.Id}}' kos/base:bookworm $IMAGES; readlink -f "$OUT/kubeadm"; cat "$0"; } | sha256sum | cut -c1-16)
if ! made $NODE $inside; then
  say node image
  docker rm -f kos-node-build >/dev/null 2>&1 || true
  docker run -d --name kos-node-build --stop-signal SIGRTMIN+3 --entrypoint sleep --security-opt seccomp=unconfined kos/base:bookworm infinity >/dev/null
  for b in kubeadm kubelet kubectl; do docker cp -L $OUT/$b kos-node-build:/usr/bin/$b; done
  docker exec kos-node-build chown root:root /usr/bin/kubeadm /usr/bin/kubelet /usr/bin/kubectl
  docker exec kos-node-build chmod 755 /usr/bin/kubeadm /usr/bin/kubelet /usr/bin/kubectl
  docker exec kos-node-build mkdir -p /kind/manifests
  printf %s "$K8S" | docker exec -i kos-node-build tee /kind/version >/dev/null
  # manifests: kind's own, cut out of its source
  go_const() { awk "/^const $1 = \`/{f=1;next} f" $2 | sed -e "s#\` + kindnetdImage + \`#$KINDNET_IMAGE#" -e '/^`$/,$d'; }
  go_const defaultCNIManifest $KIND/pkg/build/nodeimage/const_cni.go > $D/build/default-cni.yaml
  # storage: only the StorageClass unless the provisioner image was built
  printf 'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: standard\n  annotations:\n    storageclass.kubernetes.io/is-default-class: "true"\nprovisioner: rancher.io/local-path\nvolumeBindingMode: WaitForFirstConsumer\nreclaimPolicy: Delete\n' > $D/build/default-storage.yaml
  docker cp $D/build/default-cni.yaml kos-node-build:/kind/manifests/default-cni.yaml
  docker cp $D/build/default-storage.yaml kos-node-build:/kind/manifests/default-storage.yaml
  docker exec kos-node-build kubeadm config images list --kubernetes-version $K8S
  docker exec -d kos-node-build containerd
  for i in 1 2 3 4 5 6 7 8 9 10; do docker exec kos-node-build ctr version >/dev/null 2>&1 && break; sleep 1; done
  for i in $IMAGES; do
    docker save ${i#docker.io/} | docker exec -i kos-node-build ctr --namespace=k8s.io images import --label=io.cri-containerd.pinned=pinned --all-platforms --no-unpack --digests - >/dev/null; done
  docker exec kos-node-build ctr --namespace=k8s.io images list -q
  docker exec kos-node-build pkill containerd; sleep 1
  docker commit --change "LABEL kos.lab=$inside" --change 'ENTRYPOINT ["/usr/local/bin/entrypoint","/sbin/init"]' kos-node-build $NODE >/dev/null
  docker rm -f kos-node-build >/dev/null
fi
say done
