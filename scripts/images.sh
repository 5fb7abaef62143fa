#!/bin/sh
# Builds the images of the sandboxes, assay-sandbox-<name>:latest for every sandbox-images/<name>/Dockerfile, and
# assay:latest. Arguments name the images to build: `images.sh python jvm assay`.
#
# An image bears the hash of what it was built from, and is left alone as long as that is unchanged. The output of a
# build goes into a log, which is shown if the build fails; the others are built all the same.
set -eu

cd "$(dirname "$0")/.."
# shellcheck source=scripts/building.sh
. scripts/building.sh
logs=.assay/images
label=assay.inputs
certificates=sandbox-images/assay-extra-ca-$$.crt # where a Dockerfile takes what is there
table=$(mktemp)
trap 'rm -f "$certificates" "$table"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
base=$(docker image inspect --format '{{.Id}}' debian:trixie-slim 2>/dev/null) || {
    echo "images: debian:trixie-slim is not here; \`make provision\` gets or makes it." >&2
    exit 1
}

names() {
    echo assay
    for file in sandbox-images/*/Dockerfile; do
        [ ! -f "$file" ] || basename "$(dirname "$file")"
    done
}

# How an image is called, where its Dockerfile is, and what its build sees: sets tag, file, context and inputs.
describe() {
    if [ "$1" != assay ] && [ ! -f "sandbox-images/$1/Dockerfile" ]; then
        echo "images: there is no image $1; there are: $(names | tr '\n' ' ')" >&2
        exit 1
    fi
    if [ "$1" = assay ]; then
        tag=assay:latest file=deploy/Dockerfile context=.
        # What .dockerignore lets through.
        inputs=$(sed -n 's/^!//p' .dockerignore)
    else
        tag=assay-sandbox-$1:latest file=sandbox-images/$1/Dockerfile context=sandbox-images
        # Not what other stages made, nor what may be absent.
        inputs=$(sed -n '/--from=/d; s/^COPY \(--[^ ]* \)*\(.*\) [^ ]*$/\2/p' "$file" | tr ' ' '\n' |
            sed '/\*/d; s|^|sandbox-images/|')
    fi
}

# The hash of the base, the Dockerfile and every file that it copies.
hash_of_inputs() {
    {
        echo "$base"
        # shellcheck disable=SC2086 # words, on purpose
        find "$file" $inputs -type f ! -name '*.pyc' -exec sha256sum {} + | LC_ALL=C sort -k 2
    } | sha256sum | cut -d ' ' -f 1
}

build() {
    choose_build_network
    set -- --network "$ASSAY_BUILD_NETWORK" --label "$label=$hash" --tag "$tag" --file "$file"
    collect_extra_ca
    if grep -q '^ARG EXTRA_CA' "$file"; then
        set -- "$@" --build-arg "EXTRA_CA=$ASSAY_EXTRA_CA"
    elif [ -n "$ASSAY_EXTRA_CA" ] && grep -q '^COPY .*\*\.crt' "$file"; then
        printf '%s\n' "$ASSAY_EXTRA_CA" >"$certificates"
    fi
    docker build "$@" "$context" >"$log" 2>&1
}

inspect() {
    docker image inspect --format "$1" "$tag" 2>/dev/null || true
}

megabytes() {
    bytes=$(inspect '{{.Size}}')
    echo "$((${bytes:-0} / 1000000)) MB"
}

[ $# -gt 0 ] || {
    # shellcheck disable=SC2046 # words, on purpose
    set -- $(names)
}
for name; do
    describe "$name"
done
mkdir -p "$logs"
place=0
status=0
for name; do
    place=$((place + 1))
    describe "$name"
    hash=$(hash_of_inputs)
    log=$logs/$name.log
    if [ "$(inspect "{{index .Config.Labels \"$label\"}}")" = "$hash" ]; then
        outcome=unchanged
    else
        printf 'image %d of %d: %s …\n' "$place" "$#" "$name"
        began_s=$(date +%s)
        # What a registry failed to deliver once it mostly delivers at the second time; layers that are done stay.
        if build || { echo "image $name: failed, once more …" && sleep 5 && build; }; then
            outcome="built in $(($(date +%s) - began_s)) s"
        else
            outcome="FAILED after $(($(date +%s) - began_s)) s, see $log"
            status=1
            tail -n 30 "$log"
        fi
    fi
    size=$(megabytes)
    printf 'image %d of %d: %s, %s, %s\n' "$place" "$#" "$name" "$size" "$outcome"
    printf '  %-36s %9s  %s\n' "$tag" "$size" "$outcome" >>"$table"
done
cat "$table"
exit "$status"
