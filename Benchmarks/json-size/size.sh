#!/bin/sh
# What JSON adds to the size, start-up and memory of the smallest fully static program: size.sh [ROUNDS]
set -eu
here=$(dirname "$0")
sources="$here/../../Sources/ApusJSON"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
flags="-O -wmo -parse-as-library -swift-version 6 -package-name apus -static-executable -use-ld=lld
  -Xlinker --gc-sections -Xlinker --strip-all"
# shellcheck disable=SC2086
{
  swiftc $flags -module-name none "$here/none.swift" "$here/Point.swift" -o "$out/none"
  swiftc $flags -module-name apus "$here/apus.swift" "$here/Point.swift" "$sources"/*.swift -o "$out/apus"
  swiftc $flags -module-name essentials "$here/essentials.swift" "$here/Point.swift" -o "$out/essentials"
  swiftc $flags -module-name spawn "$here/Spawn.swift" -o "$out/spawn"
}
for program in none apus essentials; do
  echo "$program $(stat -c %s "$out/$program") bytes"
done
cd "$out"
./spawn "${1:-300}" ./none ./apus ./essentials
