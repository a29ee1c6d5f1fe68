#!/usr/bin/env bash
# Makes a client from openapi/openapi.json, compiles it strictly, and runs it against a demonstration: run.sh BASE_URL.
# Everything that is made stays in a directory outside the checkout (CONTRACT_DIRECTORY).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
work="${CONTRACT_DIRECTORY:?a directory for what is made}/typescript"
mkdir -p "$work"
cp -r "$here"/package.json "$here"/package-lock.json "$here"/tsconfig.json "$here"/src "$work"/
cd "$work"
# Installed anew only when the pinned versions change.
if ! cmp -s package-lock.json node_modules/.lock; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.lock
fi
npx --no-install openapi-typescript "$here/../../../openapi/openapi.json" --output src/api.ts
rm -rf dist
npx --no-install tsc
node dist/walk.js "$1"
