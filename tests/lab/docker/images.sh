# shellcheck shell=bash
# What the lab's images have in common: a label that says from what each was made, and by which all are found.
ROOTFS=$LAB_CACHE/docker/rootfs
# key WORD...: of the recipe, the root file system, and where these programs lead to: their folders are named by hashes
key() {
  local word
  { cat "$0" "$LAB_HERE/docker/images.sh" "$ROOTFS/.done"; for word in "$@"; do readlink -f "$word"; done; } | sha256sum | cut -c1-16
}
# made NAME KEY: the image is there, and was made from that
made() { [ "$(docker image inspect -f '{{index .Config.Labels "kos.lab"}}' "$1" 2>/dev/null)" = "$2" ]; }
# image NAME KEY FOLDER CHANGE...: of what is in a folder, which goes. The name comes last: what was cut off is no image of the lab.
image() {
  local name=$1 folder=$3 change id changes=(-c "LABEL kos.lab=$2"); shift 3
  for change in "$@"; do changes+=(-c "$change"); done
  id=$(tar -C "$folder" --numeric-owner -c . | docker import "${changes[@]}" -)
  docker tag "$id" "$name"
  rm -rf "$folder"
}
# forget: removes them; one that a container still uses stays, and is named
forget() {
  local images name id
  docker rm -f kos-node-build >/dev/null 2>&1 || true
  images=$(docker image ls --filter label=kos.lab --format '{{.Repository}}:{{.Tag}} {{.ID}}')
  while read -r name id; do
    [ -n "$name" ] || continue
    [[ $name != *"<none>"* ]] || name=$id
    docker image rm "$name" >/dev/null || echo "$name stays" >&2
  done <<<"$images"
}
