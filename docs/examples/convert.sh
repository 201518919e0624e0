#!/bin/sh
# Enrols a phone, asks for its conversion, and waits for the end: 0 when the phone has booted the target.
# A phone that is enrolled stays as it is, its lines and passwords too.
#   SWITCHHOOK_API=http://127.0.0.1:8067 docs/examples/convert.sh 000E84C060A6 7960 P00308000500 P0S3-8-12-00
set -eu
phone=${SWITCHHOOK_API:-http://127.0.0.1:8067}/v1/phones/$1
ask() { curl -sS --fail-with-body -H "Authorization: Bearer ${SWITCHHOOK_API_TOKEN:-none}" -H 'Content-Type: application/json' "$@"; echo; }
enrolled=$(curl -sS -w ' %{http_code}' -H "Authorization: Bearer ${SWITCHHOOK_API_TOKEN:-none}" -H 'Content-Type: application/json' \
  -H 'If-None-Match: *' -X PUT "$phone" -d "{\"model\":\"$2\"}")
case $enrolled in *' 201' | *' 412') ;; *) echo "$enrolled" >&2; exit 1 ;; esac
ask -X PUT "$phone/conversion" -d "{\"from\":\"$3\",\"to\":\"$4\"}"
while seen=$(ask "$phone/conversion?wait=60"); do
  case $seen in
    *'"state":"confirmed"'*) echo "$seen"; exit 0 ;;
    *'"state":"stalled"'* | *'"state":"cancelled"'*) echo "$seen" >&2; exit 1 ;;
  esac
done
