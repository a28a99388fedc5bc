#!/bin/bash
# Whether an app is well: its event loop turns (it writes a file every five seconds) and, with an address, that answers 200.
# One that hangs is killed, as `npm start` kills it, so that it is started again.
#   healthcheck.sh [host port path]
set -u
heartbeat_age() {
  written=$(stat -c %Y "${ACTP_HEARTBEAT_FILE:?}" 2>/dev/null) || return 1
  age=$(($(date +%s) - written))
}

heartbeat_age || exit 1
if [ "$age" -gt 60 ]; then
  # After a machine has slept every file is old: it has one more chance.
  sleep 12
  heartbeat_age || exit 1
  if [ "$age" -gt 60 ]; then
    echo "no sign of life for $age s; killing it"
    kill -9 -1
    exit 1
  fi
fi
[ $# -eq 0 ] && exit 0

exec 3<>"/dev/tcp/$1/$2" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$3" >&3
read -r _ status _ <&3
[ "$status" = 200 ] || { echo "$1:$2$3 answered $status"; exit 1; }
