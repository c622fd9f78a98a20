#!/bin/sh
# Makes Temporal's two databases, or brings their schemas up to date. May be run again at any time.
set -eu

for name in temporal visibility; do
  database=temporal
  [ "$name" = temporal ] || database=temporal_visibility
  schema=/etc/temporal/schema/postgresql/v12/$name/versioned
  tool() {
    temporal-sql-tool --plugin postgres12 --ep postgresql -p 5432 -u temporal --db "$database" "$@"
  }
  if ! tool update-schema -d "$schema"; then
    tool create
    tool setup-schema -v 0.0
    tool update-schema -d "$schema"
  fi
done
