#!/usr/bin/env bash
# The root file system of a kind node, from Debian's packages; its key is in its .done.
. "$(dirname "$0")/../lib.sh"
D=$LAB_CACHE/docker; R=$D/rootfs; mkdir -p "$D/run"
PKGS=systemd,dbus,conntrack,iptables,nftables,iproute2,ethtool,util-linux,mount,kmod,libseccomp2,runc,e2fsprogs,bash,ca-certificates,curl,jq,procps,socat,haproxy,iputils-ping,openssl
# mirror: the one that apt uses, where that is Debian's
mirror() {
  if [ -n "${KOS_LAB_MIRROR:-}" ]; then echo "$KOS_LAB_MIRROR"
  elif grep -qx 'ID="\?debian"\?' /etc/os-release; then apt-get indextargets --format '$(REPO_URI)' | sed -n 1p
  else echo "the lab's Docker part is made of Debian's packages, and this machine is no Debian: set KOS_LAB_MIRROR to a mirror of Debian" >&2; return 1; fi
}
# clear FOLDER: debootstrap mounts /proc and more in it, which stay when it is cut off
clear() {
  awk -v below="$(readlink -f "$1")/" 'index($2, below) == 1 {print $2}' /proc/mounts | sort -r | xargs -r umount
  rm -rf --one-file-system "$1"
}
key=$({ cat "$0"; dpkg --print-architecture; } | sha256sum | cut -c1-16)
if [ "$(cat "$R/.done" 2>/dev/null)" != "$key" ]; then
  from=$(mirror)
  say debootstrap
  for old in "$R".tmp.*; do [ ! -d "$old" ] || [ -d "/proc/${old##*.}" ] || clear "$old"; done
  # bookworm: systemd 252 still runs on cgroup v1; trixie's 257 refuses it
  debootstrap --variant=minbase --include=$PKGS bookworm "$R.tmp.$$" "$from" >"$D/run/debootstrap.log"
  echo "$key" >"$R.tmp.$$/.done"; clear "$R"; mv "$R.tmp.$$" "$R"
fi
