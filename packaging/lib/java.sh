# Sourced by the commands in bin/, which set $dist: finds a Java and runs a class of jars/.
# shellcheck shell=sh

# The feature version of the Java in $1; nothing where there is none.
java_feature() {
  if [ -r "$1/release" ] && [ -e "$1/lib/server/libjvm.so" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  fi
}

# Prints the home of a Java of exactly version 25 if there is one, else of a newer one. JAVA_HOME
# comes first, then the usual places, then the PATH.
find_java() {
  newer=
  on_path=$(command -v java) && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*jdk* /opt/java/* /usr/local/*jdk* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "$on_path"; do
    feature=$(java_feature "$home")
    if [ "${feature:-0}" -eq 25 ]; then
      echo "$home"
      return 0
    fi
    if [ "${feature:-0}" -gt 25 ] && [ -z "$newer" ]; then
      newer=$home
    fi
  done
  [ -n "$newer" ] && echo "$newer"
}

# run_java [OPTION...] CLASS [ARGUMENT...]: becomes that Java program.
run_java() {
  java_home=$(find_java) || {
    echo "${0##*/}: no Java 25 found: install one and set JAVA_HOME" \
      "(Debian 13: apt-get install openjdk-25-jre-headless)" >&2
    exit 126
  }
  # The compiler fits a Java of exactly version 25; a GraalVM brings its own.
  if [ "$(java_feature "$java_home")" -eq 25 ] &&
    ! grep -q '^GRAALVM_VERSION=' "$java_home/release"; then
    set -- -XX:+UnlockExperimentalVMOptions -XX:+EnableJVMCI \
      --upgrade-module-path="${dist:?}/graal" "$@"
  fi
  exec "$java_home/bin/java" \
    -Dresty.polyglot.home="$dist" \
    -Dpolyglot.engine.resourcePath="$dist/resources" \
    -Dpolyglot.engine.WarnInterpreterOnly=false \
    --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow \
    --class-path "$dist/jars/*" \
    "$@"
}
