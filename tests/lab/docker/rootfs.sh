#!/usr/bin/env bash
# The root file system of a kind node, from Debian's packages.
. "$(dirname "$0")/../lib.sh"
D=$LAB_CACHE/docker; R=$D/rootfs; mkdir -p "$D/run"
MIRROR=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' | head -n 1)}   # the mirror that apt uses
PKGS=systemd,dbus,conntrack,iptables,nftables,iproute2,ethtool,util-linux,mount,kmod,libseccomp2,runc,e2fsprogs,bash,ca-certificates,curl,jq,procps,socat,haproxy,iputils-ping,openssl
# bookworm: systemd 252 still runs on cgroup v1; trixie's 257 refuses it
if ! [ -e $R/usr/lib/systemd/systemd ] || ! [ -e $R/var/lib/dpkg/status ]; then
  say debootstrap; rm -rf $R; debootstrap --variant=minbase --include=$PKGS bookworm $R "$MIRROR" >$D/run/debootstrap.log
fi
