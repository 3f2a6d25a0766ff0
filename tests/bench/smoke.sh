#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The load generator against the bare sink, 20 devices for half a second: smoke.sh PROGRAMS. Measures nothing; it fails
# when a benchmark program no longer does its work: every message acknowledged, one ack frame each, none refused.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs=$1
tmp=$(mktemp -d)
sink=''
clean_up() {
  if [ -n "$sink" ]; then kill -TERM "$sink" 2>/dev/null || true; wait "$sink" 2>/dev/null || true; fi
  rm -rf "$tmp"
}
trap clean_up EXIT

expect() { # pattern line
  grep -Eq "$1" <<< "$2" && return 0
  echo "expected $1 in: $2" >&2
  exit 1
}

"$here/pki.sh" "$tmp"
mkfifo "$tmp/out"
"$programs/lws_sink" "$tmp"/{server.pem,server.key,ca.pem} each > "$tmp/out" &
sink=$!
read -r -t 60 ready < "$tmp/out"
port=$(sed -n 's/.*"device_port":\([0-9]*\).*/\1/p' <<< "$ready")

for rate in 0 400; do # closed loop, open loop
  line=$("$programs/load" --ca "$tmp/ca.pem" --ca-key "$tmp/ca.key" --port "$port" --pid "$sink" --connections 20 --window 2 \
    --rate $rate --warm-ms 50 --measure-ms 500)
  acked=$(sed -n 's/.*"acked":\([0-9]*\).*/\1/p' <<< "$line")
  expect '"acked":[1-9]' "$line"
  expect "\"ack_frames\":$acked," "$line"
  expect '"refused":0,"overrun":0,"unacknowledged":0' "$line"
done

# A device certificate of an authority that the server does not know gets no further than the handshake.
mkdir "$tmp/other"
"$here/pki.sh" "$tmp/other"
if "$programs/load" --ca "$tmp/ca.pem" --ca-key "$tmp/other/ca.key" --port "$port" --pid "$sink" --connections 1 \
  --measure-ms 100 2> "$tmp/err"; then
  echo "a certificate with a forged signature was let in" >&2
  exit 1
fi
