#!/bin/sh
# Sets the reporting flags by hand, outside of a rollout. While a rollout owns a flag this is refused, with exit code 8.
set -eu

usage() {
  cat <<'END'
Usage: toggle.sh --status
       toggle.sh [--percent 0|10|25|50|100] [--unified-only on|off] [--reason TEXT] [--dry-run]

  --status          what both flags are at, and who owns them
  --percent P       share of users who get unified reporting
  --unified-only X  whether the old reporting is hidden from them (on or off)
  --reason TEXT     why; noted in the write log
  --dry-run         show what would be written, and write nothing
  --config FILE     configuration (default: HOLDPOINT_CONFIG, or ./holdpoint.config.yaml)
  --store ID        flag store of the configuration

Other percents: holdpoint flag set. Back to 0 in a rollout: holdpoint rollback.
Environment: REPORTING_FLAG (reporting-unified), UNIFIED_ONLY_FLAG (reporting-unified-only),
HOLDPOINT (the command; by default the one beside this script, or else the one installed here).
END
}

refuse() {
  printf '%s\n' "toggle.sh: $1" >&2
  exit 2
}

flag=${REPORTING_FLAG:-reporting-unified}
unified_only_flag=${UNIFIED_ONLY_FLAG:-reporting-unified-only}
beside=$(dirname -- "$0")/../../dist/src/cli/main.js

# Not npx: where nothing is installed it would ask the registry for whatever has that name.
installed() {
  folder=$PWD
  until [ -x "$folder/node_modules/.bin/holdpoint" ]; do
    [ "$folder" != / ] || { command -v holdpoint; return; }
    folder=$(dirname -- "$folder")
  done
  printf '%s\n' "$folder/node_modules/.bin/holdpoint"
}

run_holdpoint() {
  if [ -n "$program" ]; then "$program" "$@"; else node "$beside" "$@"; fi
}

status='' percent='' unified_only='' reason='' dry_run='' config='' store=''
while [ $# -gt 0 ]; do
  case $1 in
    --status) status=yes; shift; continue ;;
    --dry-run) dry_run=yes; shift; continue ;;
    -h | --help) usage; exit 0 ;;
    --percent | --unified-only | --reason | --config | --store)
      [ $# -ge 2 ] || refuse "$1 needs a value" ;;
    *) usage >&2; refuse "$1 is not known" ;;
  esac
  case $1 in
    --percent)
      case $2 in
        0 | 10 | 25 | 50 | 100) percent=$2 ;;
        *) refuse "--percent takes 0, 10, 25, 50 or 100, not \"$2\"; for any other: holdpoint flag set $flag PERCENT --reason WHY" ;;
      esac ;;
    --unified-only)
      case $2 in
        on) unified_only=100 ;;
        off) unified_only=0 ;;
        *) refuse "--unified-only takes on or off, not \"$2\"" ;;
      esac ;;
    --reason) reason=$2 ;;
    --config) config=$2 ;;
    --store) store=$2 ;;
  esac
  shift 2
done

program=${HOLDPOINT:-}
[ -n "$program" ] || [ -f "$beside" ] || program=$(installed) ||
  refuse 'holdpoint is not installed here; go to a folder where it is, or set HOLDPOINT to the command'

# What every call has, kept as arguments so that spaces stay what they are.
set --
[ -z "$config" ] || set -- "$@" --config "$config"
[ -z "$store" ] || set -- "$@" --store "$store"

if [ -n "$status" ]; then
  [ -z "$percent$unified_only" ] || refuse '--status goes alone'
  worst=0
  for key in "$flag" "$unified_only_flag"; do
    run_holdpoint flag status "$key" "$@" || worst=$?
  done
  exit "$worst"
fi
[ -n "$percent$unified_only" ] || { usage >&2; refuse 'nothing to do'; }

set -- "$@" --create --yes --reason "${reason:-set with toggle.sh}"
[ -z "$dry_run" ] || set -- "$@" --dry-run
[ -z "$percent" ] || run_holdpoint flag set "$flag" "$percent" "$@"
[ -z "$unified_only" ] || run_holdpoint flag set "$unified_only_flag" "$unified_only" "$@"
