#!/usr/bin/env bash
# Runs a command in a network namespace of its own (Linux) whose only way out is counted, and fails when a single
# packet took it: name look-ups, telemetry, update checks, anything by any process, browser included.
#   test/outbound/run-silent.sh npm test
set -euo pipefail

if [ "${IMPASTO_SILENT_INSIDE:-}" != 1 ]; then
  if ! unshare --map-root-user --net true 2>/dev/null; then
    echo "run-silent: this system allows no network namespace; running without the count" >&2
    exec "$@"
  fi
  IMPASTO_SILENT_INSIDE=1 exec unshare --map-root-user --net "$0" "$@"
fi

sent() { ip -s -j link show outside | sed -E 's/.*"tx":\{[^}]*"packets":([0-9]+).*/\1/'; }

ip link set lo up
ip link add outside type veth peer name nowhere
for end in outside nowhere; do
  echo 1 >"/proc/sys/net/ipv6/conf/$end/disable_ipv6" 2>/dev/null || true
done
ip link set nowhere up
ip link set outside arp off up
ip address add 192.0.2.1/24 dev outside
ip route add default via 192.0.2.2 dev outside onlink

# A counter that cannot count would always say zero.
(echo probe >/dev/udp/198.51.100.1/9) 2>/dev/null || true
before=$(sent)
if [ "$before" -lt 1 ]; then
  echo "run-silent: the counter does not see a packet that was sent; nothing can be concluded" >&2
  exit 3
fi

status=0
"$@" || status=$?
packets=$(($(sent) - before))
echo "Packets sent beyond this machine: $packets"
if [ "$packets" -ne 0 ]; then
  ip -s link show outside >&2
  [ "$status" -ne 0 ] || status=4
fi
exit "$status"
