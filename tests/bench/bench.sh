#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures jingzhud beside its yardsticks, in turns, in one run; docs/benchmarks.md says what and how.
#
#   bench.sh [--quick] [--repeats N] [--only network|local]
#
# JZ_BUILD           folder of the build to measure (default build/release)
# JZ_BENCH_SETTINGS  further lines for jingzhud's configuration file, e.g. "commit_spacing_us = 0"
# Everything stays on 127.0.0.1 and in one temporary folder below build/, on the disk that is measured.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(realpath "${JZ_BUILD:-$root/build/release}")
programs=$build/tests/bench
jingzhud=$build/server/jingzhud

repeats=3 warm_ms=1000 measure_ms=4000 limit_s=600 last_start_s=550 local_repeats=7 only=all quick=no
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=yes repeats=1 warm_ms=300 measure_ms=1000 limit_s=60 last_start_s=42 local_repeats=3 ;;
    --repeats) repeats=${2:-}; shift ;;
    --only) only=${2:-}; shift ;;
    *) sed -n '3,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 64 ;;
  esac
  shift
done
[[ $repeats =~ ^[1-9]$ && $only =~ ^(all|network|local)$ ]] || { echo "bench.sh: N is 1 to 9" >&2; exit 64; }

# name connections window rate servers. A quick run has fewer devices, so that connecting them fits.
cases=("100x4 100 4 0 sink latest jingzhud" "1000x4 1000 4 0 sink latest jingzhud"
  "5000x1 5000 1 0 sink jingzhud" "10000/s 1000 200 10000 sink jingzhud")
if [ $quick = yes ]; then
  cases=("100x4 100 4 0 sink jingzhud" "1000x4 1000 4 0 sink jingzhud" "10000/s 1000 200 10000 sink jingzhud")
fi

# 5,000 devices are 5,000 descriptors on each side.
ulimit -n 20000 2>/dev/null || ulimit -n "$(ulimit -Hn)"

mkdir -p "$root/build"
tmp=$(mktemp -d "$root/build/bench-run.XXXXXX")
results=$tmp/results.jsonl
: > "$results"
server_pid='' server_port='' failed=no

say() { printf '%s\n' "$*" >&2; }

stop_server() {
  [ -n "$server_pid" ] || return 0
  kill -TERM "$server_pid" 2>/dev/null || true
  for _ in $(seq 100); do
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$server_pid" 2>/dev/null || true
  wait "$server_pid" 2>/dev/null || true
  server_pid=''
}
trap 'stop_server; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

write_config() { # folder
  cat > "$1/jingzhud.conf" <<CONF
data_dir = $1/data
listen = 127.0.0.1
device_port = 0
console_port = 0
tls_cert = $tmp/pki/server.pem
tls_key = $tmp/pki/server.key
device_ca = $tmp/pki/ca.pem
users = $1/users
directory = $root/server/routing/data/guiyang-directory.yaml
roads = $root/server/routing/data/guiyang-roads.json
packs = $root/clinical-rules/packs
console_dir =
simulation = yes
encounters_max = 6000
device_rate = 1000000
device_burst = 1000000
${JZ_BENCH_SETTINGS:-}
CONF
}

start_server() { # sink|latest|jingzhud: a fresh process, and for jingzhud a fresh journal
  local folder=$tmp/server line=''
  rm -rf "$folder"
  mkdir -p "$folder/data"
  : > "$folder/users"
  chmod 600 "$folder/users"
  case "$1" in
    sink) set -- "$programs/lws_sink" "$tmp"/pki/{server.pem,server.key,ca.pem} each ;;
    latest) set -- "$programs/lws_sink" "$tmp"/pki/{server.pem,server.key,ca.pem} latest ;;
    jingzhud) write_config "$folder"; set -- "$jingzhud" --config "$folder/jingzhud.conf" ;;
  esac
  "$@" > "$folder/out" 2> "$folder/err" &
  server_pid=$!
  for _ in $(seq 200); do
    line=$(grep -m1 '"event":"ready"' "$folder/out" || true)
    if [ -n "$line" ] || ! kill -0 "$server_pid" 2>/dev/null; then break; fi
    sleep 0.1
  done
  server_port=$(sed -n 's/.*"device_port":\([0-9]*\).*/\1/p' <<< "$line")
  [ -n "$server_port" ] && return 0
  say "$(basename "$1") did not become ready: $(tail -n 3 "$folder/err")"
  return 1
}

measure() { # server name connections window rate round
  if [ $SECONDS -gt $last_start_s ]; then
    say "$1 $2: skipped, the run's time is up"
    failed=yes
    return 0
  fi
  say "$1 $2"
  if ! start_server "$1" || ! timeout $((limit_s - SECONDS)) "$programs/load" --server "$1" --case "$2" --connections "$3" --window "$4" \
    --rate "$5" --round "$6" --warm-ms $warm_ms --measure-ms $measure_ms --port "$server_port" --pid "$server_pid" \
    --ca "$tmp/pki/ca.pem" --ca-key "$tmp/pki/ca.key" >> "$results"; then
    say "$1 $2: no result. $(tail -n 3 "$tmp/server/err" 2>/dev/null)"
    failed=yes
  fi
  stop_server
}

measure_network() {
  mkdir "$tmp/pki"
  "$root/tests/bench/pki.sh" "$tmp/pki"
  local round line name connections window rate servers i
  for round in $(seq "$repeats"); do
    for line in "${cases[@]}"; do
      read -r name connections window rate servers <<< "$line"
      # Every second round in the other order, so that drift of the machine does not favour one.
      if [ $((round % 2)) = 0 ]; then servers=$(tr ' ' '\n' <<< "$servers" | tac | tr '\n' ' '); fi
      for i in $servers; do measure "$i" "$name" "$connections" "$window" "$rate" "$round"; done
    done
  done
}

run_local() { # name command ...
  say "$1"
  shift
  timeout $((limit_s - SECONDS)) "$@" >> "$results" && return 0
  say "no result"
  failed=yes
}

measure_local() {
  run_local "codec" "$programs/bench_codec" "$root/tests/data/wave/s0010_re_1s.dat" $local_repeats
  run_local "core and rules" "$programs/bench_core" "$root/clinical-rules/packs" \
    "$root/server/routing/data/guiyang-directory.yaml" $local_repeats
  run_local "routing" "$programs/bench_routing" "$root/clinical-rules/packs/routing/conditions.yaml" $local_repeats
  run_local "routing, 1,000 hospitals" "$programs/bench_routing_thousand" \
    "$root/clinical-rules/packs/routing/conditions.yaml" $local_repeats
  run_local "ECG" "$programs/bench_ecg" "$root/tests/data/ecg/ptbxl/00279_hr" $local_repeats
  run_local "CTG" "$programs/bench_ctg" "$root/tests/data/ctg/ctu_1308_30min.csv" $local_repeats
  mkdir "$tmp/disk"
  run_local "journal" "$programs/bench_journal" "$tmp/disk" $local_repeats
  rm -rf "$tmp/disk"
}

load_before=$(cut -d' ' -f1 /proc/loadavg)
if [ "$only" != network ]; then measure_local; fi
if [ "$only" != local ]; then measure_network; fi
node "$root/tests/bench/report.mjs" "$results" "$root/build/bench.md" --quick "$quick" --load "$load_before"
cp "$results" "$root/build/bench.jsonl"
[ $failed = no ]
