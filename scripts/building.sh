# shellcheck shell=sh
# Sourced: what a build of an image needs to know of this machine's network.
#
#   ASSAY_BUILD_NETWORK   `default`, or `host` where a container on a bridge reaches no package mirror
#   ASSAY_EXTRA_CA        PEM text of the authorities this machine trusts beyond its system's own, for a proxy's sake

# Tries it out, once, unless the variable is set.
choose_build_network() {
    [ -z "${ASSAY_BUILD_NETWORK:-}" ] || return 0
    ASSAY_BUILD_NETWORK=default
    docker run --rm debian:trixie-slim timeout 30 \
        apt-get -qq -o Acquire::Retries=0 -o APT::Update::Error-Mode=any update >/dev/null 2>&1 ||
        ASSAY_BUILD_NETWORK=host
    export ASSAY_BUILD_NETWORK
}

# Takes the certificates from where Debian, Fedora and Arch have an administrator put them.
collect_extra_ca() {
    [ -z "${ASSAY_EXTRA_CA:-}" ] || return 0
    ASSAY_EXTRA_CA=$(
        for folder in /usr/local/share/ca-certificates /etc/pki/ca-trust/source/anchors \
            /etc/ca-certificates/trust-source/anchors; do
            [ ! -d "$folder" ] || find "$folder" -type f \( -name '*.crt' -o -name '*.pem' \) -exec cat {} +
        done
    )
    export ASSAY_EXTRA_CA
}
