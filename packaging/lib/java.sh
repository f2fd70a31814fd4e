# Sourced by the commands in bin/, which set $dist: finds a Java and runs a class of jars/.
# shellcheck shell=sh

# The feature version of the Java in $1; nothing where there is none of 25 or newer.
java_feature() {
  [ -r "$1/release" ] && [ -e "$1/${java_needs:-lib/server/libjvm.so}" ] || return
  feature=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ "${feature:-0}" -lt 25 ] || echo "$feature"
}

# Prints the home of a Java: JAVA_HOME, else the one in dist/, else one of exactly version 25 in the
# usual places or on the PATH, else a newer one. The loader looks in the same places.
find_java() {
  for home in "${JAVA_HOME:-}" ${dist:+"$dist/java"}; do
    if [ -n "$(java_feature "$home")" ]; then
      echo "$home"
      return
    fi
  done
  newer=
  on_path=$(command -v java) && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for home in /usr/lib/jvm/* /usr/java/* /usr/local/*jdk* /opt/*jdk* /opt/java* /opt/java*/* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "$on_path"; do
    case $(java_feature "$home") in
      25)
        echo "$home"
        return
        ;;
      ?*) newer=${newer:-$home} ;;
    esac
  done
  [ -n "$newer" ] && echo "$newer"
}

# All jars of dist/, in the order of the loader's class path: the cache in java/ is of that one.
class_path() (
  # shellcheck disable=SC2030 # in here only
  LC_ALL=C
  IFS=:
  set -- "${dist:?}"/jars/*.jar
  echo "$*"
)

# run_java [OPTION...] CLASS [ARGUMENT...]: becomes that Java program.
run_java() {
  java_home=$(find_java) || {
    echo "${0##*/}: no Java 25 found: install one and set JAVA_HOME" \
      "(Debian 13: apt-get install openjdk-25-jre-headless)" >&2
    exit 126
  }
  # The compiler fits a Java of exactly version 25; the one in dist/ and a GraalVM have their own.
  jvmci="-XX:+UnlockExperimentalVMOptions -XX:+EnableJVMCI"
  if [ "$java_home" = "${dist:?}/java" ]; then
    cache=$java_home/lib/resty-polyglot.aot
    [ ! -e "$cache" ] || set -- -XX:AOTCache="$cache" -Xlog:aot=off,cds=off "$@"
    # shellcheck disable=SC2086 # a list of words
    set -- $jvmci "$@"
  elif [ "$(java_feature "$java_home")" -eq 25 ] &&
    ! grep -q '^GRAALVM_VERSION=' "$java_home/release"; then
    # shellcheck disable=SC2086
    set -- $jvmci --upgrade-module-path="$dist/graal" "$@"
  fi
  # As in a worker (boot_jvm.c): without a locale Java takes the names of files for ASCII.
  # shellcheck disable=SC2031 # it is the caller's
  [ -n "${LC_ALL:-}${LC_CTYPE:-}${LANG:-}" ] || export LC_CTYPE=C.UTF-8
  exec "$java_home/bin/java" \
    -Dresty.polyglot.home="$dist" \
    -Dpolyglot.engine.resourcePath="$dist/resources" \
    -Dpolyglot.engine.WarnInterpreterOnly=false \
    --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow \
    --class-path "$(class_path)" \
    "$@"
}
