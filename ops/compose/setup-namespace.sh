#!/bin/sh
# Registers the namespace. Closed rollouts are kept for 30 days; the archive keeps their packs for ever.
set -eu

temporal operator namespace describe --namespace default ||
  temporal operator namespace create --namespace default --retention 30d
