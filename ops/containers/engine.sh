#!/bin/bash
# A private Docker engine with local stand-ins for the public images that Millrace names, for machines where no image
# can be pulled. It has its own socket and folder, and ends with everything in it.
#
# usage: engine.sh up | images | env | down
#   up      install what is missing (Debian, as root) and start the engine
#   images  build the stand-ins: debian, eclipse-temurin:25-jre, apache/kafka, apicurio/apicurio-registry
#   env     print the variables that Docker's and Testcontainers' clients need
#   down    end the engine and every container in it
# MILLRACE_ENGINE names its folder (default: millrace-engine in the temporary folder).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
home=${MILLRACE_ENGINE:-${TMPDIR:-/tmp}/millrace-engine}
pidfile=$home/dockerd.pid
export DOCKER_HOST=unix://$home/docker.sock DOCKER_BUILDKIT=0

say() { printf 'engine: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

root_pom() { sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" "$root/pom.xml" | head -n 1; }

running() { [ -f "$pidfile" ] && kill -0 "$(cat "$pidfile")" 2>/dev/null; }

# Prints the folder of a JDK 25 that can link a runtime image.
find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-/root}"/.sdkman/candidates/java/*; do
    if [ -x "$candidate/bin/jlink" ] && grep -q '^JAVA_VERSION="25' "$candidate/release" 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  fail "no JDK 25 with jlink found; set JAVA_HOME"
}

install_tools() {
  if command -v dockerd >/dev/null && command -v mmdebstrap >/dev/null; then return; fi
  command -v apt-get >/dev/null || fail "dockerd or mmdebstrap is missing, and there is no apt-get to install them"
  [ "$(id -u)" = 0 ] || fail "dockerd or mmdebstrap is missing, and only root can install them"
  say "installing docker.io and mmdebstrap"
  {
    timeout 240 apt-get update
    DEBIAN_FRONTEND=noninteractive timeout 480 apt-get -o DPkg::Lock::Timeout=240 install -y \
      --no-install-recommends docker.io iptables mmdebstrap
  } </dev/null >"$home/install.log" 2>&1 || { tail -n 20 "$home/install.log" >&2; fail "installation failed"; }
}

up() {
  mkdir -p "$home"
  chmod 700 "$home"
  install_tools
  if running; then say "already up"; return; fi
  rm -f "$pidfile"
  setsid dockerd --data-root "$home/data" --exec-root "$home/exec" --pidfile "$pidfile" -H "$DOCKER_HOST" \
    --oom-score-adjust=0 --ip 127.0.0.1 --bip 172.30.0.1/24 \
    --default-address-pool base=172.31.0.0/16,size=24 >"$home/dockerd.log" 2>&1 </dev/null &
  local _
  for _ in $(seq 120); do
    if docker version >/dev/null 2>&1; then say "up at $DOCKER_HOST"; return; fi
    sleep 0.5
  done
  tail -n 20 "$home/dockerd.log" >&2
  fail "dockerd did not start within 60 s"
}

present() { docker image inspect "$1" >/dev/null 2>&1; }

# build <tag> <context>: an image whose Containerfile lies in its context.
build() {
  docker build -q --pull=false -t "$1" -f "$2/Containerfile" "$2" >"$home/build.log" 2>&1 \
    || { tail -n 20 "$home/build.log" >&2; fail "cannot build $1"; }
  say "built local stand-in $1"
}

debian_image() {
  if present debian:bookworm-slim; then return; fi
  if [ ! -f "$home/bookworm.tar" ]; then
    timeout 600 mmdebstrap -q --variant=minbase --include=ca-certificates,curl bookworm "$home/bookworm.part.tar" \
      </dev/null >"$home/mmdebstrap.log" 2>&1 || { tail -n 20 "$home/mmdebstrap.log" >&2; fail "no Debian base image"; }
    mv "$home/bookworm.part.tar" "$home/bookworm.tar"
  fi
  docker import "$home/bookworm.tar" debian:bookworm-slim >/dev/null
  say "built local stand-in debian:bookworm-slim"
}

jdk_image() {
  if present eclipse-temurin:25-jre; then return; fi
  local jdk modules context=$home/jdk-image
  jdk=$(find_jdk)
  rm -rf "$context"
  cp -r "$here/jdk-image" "$context"
  modules=$("$jdk/bin/java" --list-modules | cut -d@ -f1 \
    | grep -vE '^jdk\.(jlink|jdeps|jpackage|jshell|javadoc|compiler|internal|incubator)' | paste -sd,)
  "$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-man-pages --no-header-files --output "$context/jdk"
  build eclipse-temurin:25-jre "$context"
}

kafka_image() {
  local version context=$home/kafka-image
  version=$(root_pom kafka.version)
  if present "apache/kafka:$version"; then return; fi
  rm -rf "$context"
  cp -r "$here/kafka-image" "$context"
  JAVA_HOME=$(find_jdk) timeout 300 mvn -B -q -f "$context/pom.xml" dependency:copy-dependencies \
    -Dkafka.version="$version" -Dlibs="$context/libs" </dev/null >"$home/kafka-libs.log" 2>&1 \
    || { tail -n 20 "$home/kafka-libs.log" >&2; fail "the broker's jars cannot be resolved"; }
  build "apache/kafka:$version" "$context"
}

registry_image() {
  local version context=$home/registry-image unpacked=$root/standalone/target/dist/registry
  version=$(root_pom apicurio.version)
  if present "apicurio/apicurio-registry:$version"; then return; fi
  if [ ! -d "$unpacked" ]; then
    fail "no registry image: the distribution is not built; run ./millrace verify first"
  fi
  rm -rf "$context"
  cp -r "$here/registry-image" "$context"
  cp -rL "$unpacked" "$context/registry"
  build "apicurio/apicurio-registry:$version" "$context"
}

images() { debian_image; jdk_image; kafka_image; registry_image; }

environment() {
  printf 'export DOCKER_HOST=%s TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1\n' "$DOCKER_HOST"
}

down() {
  if ! running; then return; fi
  local pid _ containers
  pid=$(cat "$pidfile")
  containers=$(timeout 20 docker ps -q 2>/dev/null || true)
  # shellcheck disable=SC2086 # one word an id
  if [ -n "$containers" ]; then timeout 60 docker kill $containers >/dev/null 2>&1 || true; fi
  kill "$pid"
  for _ in $(seq 60); do
    kill -0 "$pid" 2>/dev/null || { say "down"; return; }
    sleep 0.5
  done
  kill -9 "$pid"
  fail "dockerd had to be killed"
}

case ${1:-} in
  up) up ;;
  images) images ;;
  env) environment ;;
  down) down ;;
  *) sed -n '2,10p' "${BASH_SOURCE[0]}" | cut -c3- >&2; exit 2 ;;
esac
