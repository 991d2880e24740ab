#!/usr/bin/env bash
# The images that a kind node is made of, from Debian's packages and our Go programs: base, components, load balancer.
. "$(dirname "$0")/../lib.sh"; . "$LAB_HERE/docker/images.sh"
"$LAB_HERE/build.sh" containerd crictl cni kind etcd coredns k8s node
D=$LAB_CACHE/docker; OUT=$LAB_BIN; K8S=$K8S_VERSION
KIND=$(cd / && go env GOMODCACHE)/sigs.k8s.io/kind@$KIND_VERSION
R=$ROOTFS; mkdir -p "$D/run" "$D/build"
"$LAB_HERE/docker/rootfs.sh"
# ---- 2. base image
key=$(key $KIND $OUT/{containerd,containerd-shim-runc-v2,ctr,crictl,host-local,loopback,ptp,portmap,bridge})
if ! made kos/base:bookworm $key; then
  say base
  B=$D/base; rm -rf $B; cp -a --reflink=auto $R $B; rm $B/.done
  F=$KIND/images/base/files
  (cd $F && find . -type f | while read f; do install -D -m 0644 $f $B/$f; done)
  chmod 755 $B/usr/local/bin/* $B/kind $B/kind/bin $B/kind/bin/*
  for b in containerd containerd-shim-runc-v2 ctr crictl; do install -m 755 "$(readlink -f $OUT/$b)" $B/usr/local/bin/; done
  mkdir -p $B/opt/cni/bin $B/etc/kubernetes/manifests $B/etc/cni/net.d $B/lib/modules
  for b in host-local loopback ptp portmap bridge; do install -m 755 "$(readlink -f $OUT/$b)" $B/opt/cni/bin/; done
  # Debian's runc lives in /usr/sbin, containerd finds it in PATH
  rm -f $B/lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service \
    $B/lib/systemd/system/multi-user.target.wants/* $B/etc/systemd/system/*.wants/* \
    $B/lib/systemd/system/local-fs.target.wants/* $B/lib/systemd/system/sockets.target.wants/*udev* \
    $B/lib/systemd/system/sockets.target.wants/*initctl* $B/lib/systemd/system/basic.target.wants/*
  echo "ReadKMsg=no" >> $B/etc/systemd/journald.conf
  ln -sf /usr/lib/systemd/systemd $B/sbin/init
  chroot $B systemctl enable kubelet.service containerd.service undo-mount-hacks.service
  chroot $B systemctl mask systemd-binfmt.service haproxy.service e2scrub_all.timer e2scrub_reap.service 2>/dev/null || true
  # cgroup v1 hosts: kubelet >= 1.35 refuses to start unless told otherwise.  A drop-in directory wins over
  # whatever kubeadm writes (kind's, CAPD's), so nobody has to patch anything.
  mkdir -p $B/etc/kubernetes/kubelet.conf.d
  printf 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfailCgroupV1: false\n' > $B/etc/kubernetes/kubelet.conf.d/10-cgroup-v1.conf
  sed -i 's#--config=/var/lib/kubelet/config.yaml#--config=/var/lib/kubelet/config.yaml --config-dir=/etc/kubernetes/kubelet.conf.d#' $B/etc/systemd/system/kubelet.service.d/10-kubeadm.conf
  # fuse-overlayfs is not installed
  sed -i '/^\[proxy_plugins/,/^$/d' $B/etc/containerd/config.toml
  sed -i 's#registry.k8s.io/pause:3.10"#registry.k8s.io/pause:3.10.2"#' $B/etc/containerd/config.toml
  # no CAP_SYS_RESOURCE here: pods may not lower oom_score_adj below containerd's own
  sed -i 's#restrict_oom_score_adj = false#restrict_oom_score_adj = true#' $B/etc/containerd/config.toml
  rm -f $B/var/lib/dbus/machine-id   # else every node gets the same machine id
  chroot $B /usr/local/bin/ctr oci spec | jq '.hooks.createContainer[.hooks.createContainer| length] |= . + {"path": "/kind/bin/mount-product-files.sh"}' | jq 'del(.process.rlimits)' > $B/etc/containerd/cri-base.json
  rm -rf $B/var/cache/apt/* $B/var/lib/apt/lists/* $B/usr/share/{doc,man,locale,info,bash-completion,zoneinfo} $B/var/log/* $B/usr/lib/udev/hwdb.* $B/etc/machine-id
  image kos/base:bookworm $key $B 'ENV container=docker' 'ENTRYPOINT ["/usr/local/bin/entrypoint","/sbin/init"]'
fi
# ---- 3. component images (scratch + one static binary)
scratch() { # name:tag  entrypoint-json  file...   ; files land in /usr/local/bin of the image
  local tag=$1 ep=$2 key d; shift 2; key=$(key "$@")
  made $tag $key && return 0
  say $tag; d=$(mktemp -d)
  mkdir -p $d/usr/local/bin $d/etc/ssl/certs $d/tmp $d/etc; chmod 1777 $d/tmp
  printf 'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > $d/etc/passwd
  printf 'root:x:0:\nnobody:x:65534:\nnonroot:x:65532:\n' > $d/etc/group
  cp $R/etc/ssl/certs/ca-certificates.crt $d/etc/ssl/certs/
  for f in "$@"; do install -m 755 $f $d/usr/local/bin/; done
  image $tag $key $d "ENTRYPOINT $ep" 'ENV PATH=/usr/local/bin:/usr/bin:/bin:/'
}
for b in kube-apiserver kube-controller-manager kube-scheduler; do scratch registry.k8s.io/$b:$K8S "[\"/usr/local/bin/$b\"]" $OUT/$b; done
scratch registry.k8s.io/etcd:3.6.8-0 '[]' $OUT/etcd $OUT/etcdctl
scratch registry.k8s.io/coredns/coredns:v1.14.2 '["/usr/local/bin/coredns"]' $OUT/coredns
scratch registry.k8s.io/pause:3.10.2 '["/usr/local/bin/pause"]' $OUT/pause
# kube-proxy and kindnetd need iptables / nft: take a small slice of the rootfs
netimg() { local tag=$1 bin=$2 key d; key=$(key $bin)
  made $tag $key && return 0
  say $tag; d=$(mktemp -d); mkdir -p $d/usr/{bin,sbin,lib} $d/usr/lib64 $d/usr/local/bin $d/run $d/tmp $d/etc $d/var/lib
  ln -s usr/bin $d/bin; ln -s usr/sbin $d/sbin; ln -s usr/lib $d/lib; ln -s usr/lib64 $d/lib64
  local list="/usr/sbin/nft /usr/sbin/xtables-nft-multi /usr/sbin/xtables-legacy-multi /usr/sbin/conntrack /usr/sbin/ip /usr/sbin/sysctl /usr/bin/dash"
  for f in $list; do [ -e $R$f ] || { f=${f/sbin/bin}; [ -e $R$f ] || continue; }; cp -aL $R$f $d$f 2>/dev/null || { mkdir -p $d$(dirname $f); cp -aL $R$f $d$f; }
    chroot $R ldd $f 2>/dev/null | grep -oE '/[^ ]+' | while read l; do mkdir -p $d$(dirname $l); cp -nL $R$l $d$l; done; done
  ln -sf dash $d/usr/bin/sh
  local x; x=$(cd $R && echo usr/lib/*-linux-gnu*/xtables)
  mkdir -p $d/$x; cp -a $R/$x/. $d/$x/
  # match/target plugins have libraries of their own (libxt_statistic needs libm: services with 2 endpoints)
  for f in $d/$x/*.so; do chroot $R ldd /$x/$(basename $f) 2>/dev/null | grep -oE '/[^ ]+' | while read l; do [ -e $R$l ] && mkdir -p $d$(dirname $l) && cp -nL $R$l $d$l; done; done
  cp $R/etc/protocols $d/etc/ 2>/dev/null || true
  # kind nodes pick legacy or nft by what is in use; nft is right for a fresh kernel
  for t in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do ln -s xtables-nft-multi $d/usr/sbin/$t; ln -s xtables-nft-multi $d/usr/sbin/${t/tables/tables-nft}; ln -s xtables-legacy-multi $d/usr/sbin/${t/tables/tables-legacy}; done
  install -m 755 $bin $d/usr/local/bin/
  image $tag $key $d "ENTRYPOINT [\"/usr/local/bin/$(basename $bin)\"]" 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin'; }
netimg registry.k8s.io/kube-proxy:$K8S $OUT/kube-proxy
netimg $KINDNET_IMAGE $OUT/kindnetd
# ---- 5. load balancer of CAPD
key=$(key)
if ! made $HAPROXY_IMAGE $key; then
  say haproxy image
  d=$(mktemp -d); mkdir -p $d/usr/local/etc/haproxy $d/usr/local/sbin $d/usr/lib $d/usr/lib64 $d/etc $d/var/lib $d/run $d/tmp $d/usr/bin $d/usr/sbin
  ln -s usr/lib $d/lib; ln -s usr/lib64 $d/lib64; ln -s usr/bin $d/bin; ln -s usr/sbin $d/sbin
  cp -L $R/usr/sbin/haproxy $d/usr/sbin/; # CAPD's config says maxconn 100000; without CAP_SYS_RESOURCE haproxy cannot raise its FD limit and refuses the reload
  printf 'global\n  no strict-limits\n' > $d/usr/local/etc/haproxy-nolimits.cfg; printf '#!/bin/sh\nexec /usr/sbin/haproxy -f /usr/local/etc/haproxy-nolimits.cfg "$@"\n' > $d/usr/local/sbin/haproxy; chmod 755 $d/usr/local/sbin/haproxy
   cp -L $R/usr/bin/dash $d/usr/bin/sh; for b in cat kill mkdir cp mv rm ls tee; do cp -L $R/bin/$b $d/usr/bin/; done
  for f in /usr/sbin/haproxy /bin/cat /bin/kill /bin/cp /bin/ls /bin/mv; do chroot $R ldd $f | grep -oE '/[^ ]+' | while read l; do mkdir -p $d$(dirname $l); cp -nL $R$l $d$l; done; done
  printf 'frontend controlPlane\n  bind *:6443\n' > /dev/null
  printf 'global\n  daemon\ndefaults\n  mode tcp\n  timeout connect 5000\n  timeout client 50000\n  timeout server 50000\nfrontend fe\n  bind *:6443\n' > $d/usr/local/etc/haproxy/haproxy.cfg
  printf 'root:x:0:0:root:/root:/bin/sh\nhaproxy:x:99:99::/:/bin/sh\n' > $d/etc/passwd; printf 'root:x:0:\nhaproxy:x:99:\n' > $d/etc/group
  cp $R/etc/{nsswitch.conf,services,protocols} $d/etc/ 2>/dev/null || true
  image $HAPROXY_IMAGE $key $d 'ENTRYPOINT ["/usr/sbin/haproxy","-W","-db","-f","/usr/local/etc/haproxy/haproxy.cfg"]'
fi
