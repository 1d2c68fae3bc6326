# shellcheck shell=sh
# What test-engines.sh and differ.sh share; read by them with `.`: fetches a real engine from the package registry that Maven
# asks, starts it on this machine alone, and stops it when the script ends.
# EIDETIC_ENGINES (default /tmp/eidetic-engines) keeps what was fetched; other users must be able to enter it, for these
# engines refuse to run as root.
kept=${EIDETIC_ENGINES:-/tmp/eidetic-engines}
patience_s=120
running=

say() { printf '%s\n' "$*"; }

# java_home LEAST MOST: the folder of a JDK of a version within these bounds.
java_home() {
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
        { [ -n "$home" ] && [ -x "$home/bin/java" ]; } || continue
        version=$("$home/bin/java" -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p')
        if [ "${version:-0}" -ge "$1" ] && [ "$version" -le "$2" ]; then
            say "$home"
            return 0
        fi
    done
    return 1
}

# fetch ARTIFACT FOLDER: one file from the registry.
fetch() {
    mvn -q -B dependency:copy -Dartifact="$1" -DoutputDirectory="$2" >"$2/maven.log" 2>&1
}

# module HOME NAME CLASS ARTIFACT: gives OpenSearch a module that its smallest distribution leaves out: its jars, without
# those that are there already, and the file that describes it.
module() {
    folder=$1/modules/$2
    mkdir -p "$folder"
    cat >"$folder/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>eidetic</groupId><artifactId>$2</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>org.opensearch.plugin</groupId><artifactId>$4</artifactId><version>$opensearch</version>
  </dependency></dependencies>
</project>
POM
    mvn -q -B -f "$folder/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
        -DoutputDirectory="$folder" >"$1/maven.log" 2>&1 || return 1
    rm "$folder/pom.xml"
    for jar in "$folder"/*.jar; do
        [ ! -e "$1/lib/${jar##*/}" ] || rm "$jar"
    done
    cat >"$folder/plugin-descriptor.properties" <<DESCRIPTOR
name=$2
description=$2
version=$opensearch
opensearch.version=$opensearch
java.version=21
classname=$3
extended.plugins=$5
has.native.controller=false
DESCRIPTOR
}

elasticsearch=8.19.7
install_elasticsearch() {
    fetch "org.elasticsearch.distribution.integ-test-zip:elasticsearch:$elasticsearch:zip" "$1" &&
        unzip -q "$1/elasticsearch-$elasticsearch.zip" -d "$1" && mv "$1/elasticsearch-$elasticsearch" "$1/home"
}

opensearch=3.4.0
install_opensearch() {
    fetch "org.opensearch.distribution.integ-test-zip:opensearch:$opensearch:zip" "$1" &&
        unzip -q "$1/opensearch-$opensearch.zip" -d "$1" && mv "$1/opensearch-$opensearch" "$1/home" &&
        module "$1/home" lang-painless org.opensearch.painless.PainlessModulePlugin lang-painless "" &&
        module "$1/home" mapper-extras org.opensearch.index.mapper.MapperExtrasModulePlugin \
            mapper-extras-client lang-painless &&
        rm -f "$1"/home/modules/mapper-extras/opensearch-scripting-painless-spi*.jar &&
        fetch "org.opensearch.plugin:opensearch-knn:$opensearch.0:zip" "$1" &&
        mkdir -p "$1/home/plugins/opensearch-knn" &&
        unzip -q "$1/opensearch-knn-$opensearch.0.zip" -d "$1/home/plugins/opensearch-knn"
}

# install ENGINE HOME: fetches it once.
install() {
    [ ! -e "$2/complete" ] || return 0
    say "fetching $1"
    rm -rf "$2"
    mkdir -p "$2"
    "install_${1%-*}" "$2" || return 1
    rm -f "$2"/*.zip
    # It writes a few files beside its settings when it starts.
    [ "$(id -u)" != 0 ] || chown -R nobody "$2"
    touch "$2/complete"
}

# start ENGINE HOME JDK: starts it and sets url to where it listens.
start() {
    brand=${1%-*}
    java=$3
    data=$(mktemp -d "$2/run.XXXXXX")
    mkdir "$data/data" "$data/logs"
    : >"$data/log"
    [ "$(id -u)" != 0 ] || chown -R nobody "$data"
    set -- "$2/home/bin/$brand" -E "path.data=$data/data" -E "path.logs=$data/logs" -E discovery.type=single-node \
        -E network.host=127.0.0.1 -E http.port=19200-19290 -E transport.port=19300-19390 \
        -E cluster.routing.allocation.disk.threshold_enabled=false
    variable=OPENSEARCH
    if [ "$brand" = elasticsearch ]; then
        variable=ES
        set -- "$@" -E xpack.security.enabled=false
    fi
    set -- env HOME="$data" "${variable}_JAVA_HOME=$java" "${variable}_JAVA_OPTS=-Xms512m -Xmx512m" "$@"
    if [ "$(id -u)" = 0 ]; then
        set -- setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"
    fi
    : >"$data/log"
    "$@" >"$data/log" 2>&1 </dev/null &
    running=$!
    waited=0
    while [ "$waited" -lt "$patience_s" ]; do
        url=$(sed -n 's/.*HttpServerTransport.*publish_address {\(127[^}]*\)}.*/http:\/\/\1/p' "$data/log")
        if [ -n "$url" ] && curl -sf "$url/_cluster/health" >/dev/null; then
            return 0
        fi
        kill -0 "$running" 2>/dev/null || break
        sleep 1
        waited=$((waited + 1))
    done
    tail -n 20 "$data/log" >&2
    return 1
}

stop() {
    [ -n "$running" ] || return 0
    kill "$running" 2>/dev/null || true
    wait "$running" 2>/dev/null || true
    running=
    rm -rf "$data"
}
trap stop EXIT
trap 'exit 130' INT TERM

# engine ENGINE: fetches it and starts it, as `start` does. Where that cannot be, it answers 3 and has said what is skipped.
engine() {
    case $1 in
    # Elasticsearch 8 needs a Java that still has a security manager.
    elasticsearch-8) least=17 most=23 ;;
    opensearch-3) least=21 most=99 ;;
    *)
        say "unknown engine: $1: expected elasticsearch-8 or opensearch-3" >&2
        exit 2
        ;;
    esac
    for tool in mvn unzip curl; do
        if ! command -v "$tool" >/dev/null 2>&1; then
            say "skipped: $1: no $tool"
            return 3
        fi
    done
    if ! jdk=$(java_home "$least" "$most"); then
        say "skipped: $1: no JDK of a version from $least to $most"
        return 3
    fi
    mkdir -p "$kept"
    if ! install "$1" "$kept/$1"; then
        say "skipped: $1: it could not be fetched; see $kept/$1"
        return 3
    fi
    start "$1" "$kept/$1" "$jdk" || { say "$1 did not start"; return 1; }
}
