#!/bin/sh
# Makes this machine able to run everything: a Docker engine, compose, the base image and the image of Redis.
#
#   provision.sh              does what is missing, and nothing where nothing is
#   provision.sh run COMMAND  the same, then runs the command, then ends the engine if this run started it
#   provision.sh stop         ends the engine that an earlier call started, unless containers run in it
#
# An engine that runs already is used as it is. Elsewhere root on a Debian-like system gets Debian's, started by systemd
# or, where there is none, by this script, which remembers the process and ends no other. Images stay, in the
# engine's own folder. Whoever is not root is told what to install.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
base_image=debian:trixie-slim
redis_image=${ASSAY_REDIS_IMAGE:-redis:8}
state=${ASSAY_STATE_DIR:-/run/assay}
engine_file=$state/dockerd.pid # pid and start time
engine_log=$state/dockerd.log
pull_s=${ASSAY_PULL_TIMEOUT_S:-60}
engine_s=90
did=

say() {
    echo "provision: $*" >&2
}

fail() {
    say "$1"
    shift
    [ $# = 0 ] || printf '    %s\n' "$@" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

engine_answers() {
    docker info >/dev/null 2>&1
}

has_image() {
    docker image inspect "$1" >/dev/null 2>&1
}

may_install() {
    [ "$(id -u)" = 0 ] && has apt-get
}

install_packages() {
    did=1
    say "installing $* …"
    export DEBIAN_FRONTEND=noninteractive
    mkdir -p "$state"
    # The run level keeps invoke-rc.d from starting services; systemd does not look at it.
    if ! { apt-get update && RUNLEVEL=1 apt-get install -y --no-install-recommends "$@"; } >"$state/apt.log" 2>&1; then
        tail -n 20 "$state/apt.log" >&2
        fail "apt-get could not install $*."
    fi
}

# The start time of a process in the kernel's ticks, which tells it from a later one of the same pid (proc(5)).
start_time() {
    sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# Whether the process that a pid file names is a program of that name, and not a zombie that nobody has buried.
names_running() {
    [ -r "$1" ] || return 1
    case $(cat "/proc/$(cut -d ' ' -f 1 "$1")/stat" 2>/dev/null) in
    *"($2) Z "*) return 1 ;;
    *"($2) "*) return 0 ;;
    *) return 1 ;;
    esac
}

started_engine_runs() {
    names_running "$engine_file" dockerd || return 1
    read -r pid started <"$engine_file"
    [ "$(start_time "$pid")" = "$started" ]
}

# The last of a machine that was switched off, or of an engine that was killed: their pids may be others' by now.
remove_stale_pid_files() {
    names_running /run/docker.pid dockerd || rm -f /run/docker.pid
    names_running /run/docker/containerd/containerd.pid containerd || rm -f /run/docker/containerd/containerd.pid
}

await_engine() {
    waited_s=0
    until engine_answers; do
        [ "$waited_s" -lt "$engine_s" ] || return 1
        [ $# = 0 ] || kill -0 "$1" 2>/dev/null || return 1
        sleep 1
        waited_s=$((waited_s + 1))
    done
}

start_engine() {
    did=1
    if [ -d /run/systemd/system ]; then
        say "starting the Docker engine by systemd …"
        systemctl start docker
        await_engine || fail "The Docker engine does not answer." "systemctl status docker says more."
        return
    fi
    remove_stale_pid_files
    if names_running /run/docker.pid dockerd; then
        say "waiting for the Docker engine that is starting …"
        await_engine || fail "A Docker engine runs, and does not answer."
        return
    fi
    grep -q '^[^ ]* [^ ]* cgroup' /proc/mounts || mount -t cgroup2 cgroup2 /sys/fs/cgroup
    say "starting the Docker engine; its log is $engine_log …"
    setsid dockerd >"$engine_log" 2>&1 </dev/null 9>&- &
    engine_pid=$!
    echo "$engine_pid $(start_time "$engine_pid")" >"$engine_file"
    started_here=1
    await_engine "$engine_pid" || {
        tail -n 20 "$engine_log" >&2
        fail "The Docker engine did not start; the end of its log is above."
    }
}

provide_engine() {
    if has docker && engine_answers; then
        return
    fi
    may_install || fail "No Docker engine answers." \
        "Start one, or install it: Docker Engine, Docker Desktop or Podman's docker socket will do." \
        "If it runs, your user may lack the right to its socket (group docker), or DOCKER_HOST names another." \
        "As root on Debian or Ubuntu this script installs and starts one. \`make demo\` needs none."
    mkdir -p "$state"
    if has flock; then
        exec 9>"$state/lock"
        flock 9 # two at a time would start two
    fi
    { has docker && engine_answers; } || install_and_start_engine
    exec 9>&-
}

install_and_start_engine() {
    if ! has dockerd || ! has docker; then
        packages="docker.io"
        has flock || packages="$packages util-linux"
        # Newer Debians have the command in a package of its own.
        apt-cache show docker-cli >/dev/null 2>&1 && packages="$packages docker-cli"
        # shellcheck disable=SC2086 # words, on purpose
        install_packages $packages
    fi
    engine_answers || start_engine
}

provide_compose() {
    if sh "$here/compose.sh" --find >/dev/null 2>&1; then
        return
    fi
    may_install || fail "There is no compose." "Install Docker's compose plugin, or docker-compose."
    install_packages docker-compose
}

pull() {
    did=1
    say "pulling $1 …"
    timeout "$pull_s" docker pull --quiet "$1" >/dev/null 2>&1
}

# The mirror that this machine's own packages come from, if it is Debian's.
debian_mirror() {
    # shellcheck disable=SC2016 # apt's own variable
    apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 2>/dev/null | head -n 1
}

make_base_image() {
    may_install || fail "$base_image can be neither pulled nor made." \
        "Load it from a machine that can (docker save, docker load), or run this as root on a Debian-like system."
    has debootstrap || install_packages debootstrap
    say "no registry answers: making $base_image from packages …"
    folder=$(mktemp -d /var/tmp/assay-base.XXXXXX)
    # shellcheck disable=SC2046 # no mirror, no argument
    if ! debootstrap --variant=minbase trixie "$folder/root" $(debian_mirror) >"$state/debootstrap.log" 2>&1; then
        rm -rf "$folder"
        tail -n 20 "$state/debootstrap.log" >&2
        fail "debootstrap failed; the end of its log is above."
    fi
    rm -rf "$folder"/root/var/cache/apt/* "$folder"/root/var/lib/apt/lists/* "$folder"/root/var/log/*
    for kind in doc info lintian locale man; do
        rm -rf "$folder/root/usr/share/$kind"
        mkdir "$folder/root/usr/share/$kind"
    done
    tar -C "$folder/root" --one-file-system -c . |
        docker import --change 'CMD ["bash"]' --message 'debootstrap --variant=minbase trixie' - "$base_image" >/dev/null
    rm -rf "$folder"
}

provide_base_image() {
    has_image "$base_image" || pull "$base_image" || make_base_image
}

make_redis_image() {
    say "no registry answers: building $redis_image from packages …"
    # shellcheck source=scripts/building.sh
    . "$here/building.sh"
    choose_build_network
    mkdir -p "$state"
    docker build --network "$ASSAY_BUILD_NETWORK" --tag "$redis_image" "$here/../deploy/redis" >"$state/redis.log" 2>&1 || {
        tail -n 20 "$state/redis.log" >&2
        fail "The image of Redis could not be built; the end of the log is above." \
            "ASSAY_REDIS_IMAGE names another: of Redis or Valkey, from any registry."
    }
}

provide_redis_image() {
    has_image "$redis_image" || pull "$redis_image" || make_redis_image
}

provide() {
    provide_engine
    provide_compose
    provide_base_image
    provide_redis_image
    if [ -n "$did" ]; then
        say "done: engine $(docker version --format '{{.Server.Version}}'), $base_image, $redis_image."
    else
        say "nothing to do: engine, compose, $base_image and $redis_image are here."
    fi
}

end_engine() {
    started_engine_runs || {
        rm -f "$engine_file"
        return 0
    }
    say "ending the Docker engine that was started here …"
    kill "$pid"
    waited_s=0
    while started_engine_runs; do
        [ "$waited_s" -lt 60 ] || fail "The Docker engine (pid $pid) does not end; $engine_log may say why."
        sleep 1
        waited_s=$((waited_s + 1))
    done
    rm -f "$engine_file"
}

stop() {
    if started_engine_runs && [ -n "$(docker ps --quiet 2>/dev/null)" ]; then
        say "containers run, so the Docker engine goes on."
        return
    fi
    end_engine
}

# Ends what this run started, however the run ends.
finish() {
    status=$?
    trap - EXIT
    [ -z "$started_here" ] || end_engine
    exit "$status"
}

started_here=
case ${1:-start} in
start)
    provide
    ;;
run)
    shift
    [ $# -gt 0 ] || fail "run wants a command."
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    provide
    "$@"
    ;;
stop)
    stop
    ;;
*)
    fail "provision.sh [start | run COMMAND | stop]"
    ;;
esac
