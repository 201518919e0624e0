# The appliance as a container image. Nothing but Debian and Node is needed to build it:
#   docker build --tag switchhook:1.0.0 .
# How to run it: appliance/deploy/compose.yaml.

# A Debian with Node and npm in /usr/local, as the public images have them. The build stage may have
# a base of its own that has the tools of the build already. Node 20 serves as well: BASE=node:20-bookworm-slim.
ARG BASE=node:24-trixie-slim
ARG BUILD_BASE=${BASE}

FROM ${BUILD_BASE} AS build
# setcap is for the last line of this stage. For Node 20 better-sqlite3 is compiled from the source that the lockfile
# names; from Node 22 on its package brings its native part along.
RUN tools=libcap2-bin; commands=setcap; \
  if [ "$(node -p 'parseInt(process.versions.node)')" -lt 22 ]; then tools="$tools g++ make python3"; commands="$commands g++ make python3"; fi; \
  for command in $commands; do command -v "$command" || missing=yes; done; \
  [ -z "${missing:-}" ] || { apt-get update && apt-get install --yes --no-install-recommends $tools; }
WORKDIR /opt/switchhook
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY appliance appliance
COPY src src
RUN node appliance/prepare.mjs \
  && npm sbom --omit=dev --sbom-format=cyclonedx >sbom.json \
  && npm prune --omit=dev --no-audit --no-fund \
  && find node_modules/better-sqlite3 node_modules/better-sqlite3-13 -mindepth 1 -maxdepth 1 \
    ! -name build ! -name prebuilds ! -name lib ! -name package.json ! -name LICENSE -exec rm -rf {} + \
  && find node_modules/better-sqlite3/ -type f -path '*/build/*' \
    ! -name better_sqlite3.node -delete \
  && find node_modules/better-sqlite3-13/prebuilds -type f ! -name "linux-$(node -p process.arch).node" -delete \
  && rm -rf src tsconfig.json dist/.built-from dist/.page-built-from
# Ports below 1024, and frames to clients that have no address yet, without root. A container that is
# denied one of the two must be built with the other alone, or its node does not start.
ARG CAPABILITIES=cap_net_bind_service,cap_net_raw=+ep
RUN setcap "${CAPABILITIES}" "$(readlink -f "$(command -v node)")"

FROM ${BASE} AS runtime
RUN useradd --system --uid 10067 --user-group --home-dir /var/lib/switchhook --create-home switchhook \
  && mkdir -p /etc/switchhook \
  && rm -rf /usr/local/lib/node_modules /usr/local/include /usr/local/bin/npm /usr/local/bin/npx \
    /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /opt/switchhook /opt/switchhook
COPY config /etc/switchhook/examples
COPY LICENSE /opt/switchhook/LICENSE
RUN printf '#!/bin/sh\nexec node --max-semi-space-size=4 /opt/switchhook/dist/appliance/main.js "$@"\n' >/usr/local/bin/switchhook \
  && chmod 755 /usr/local/bin/switchhook

# One layer: node is not there twice.
FROM scratch
COPY --from=runtime / /
# The version is that of package.json; a test compares them.
LABEL org.opencontainers.image.title="switchhook" \
  org.opencontainers.image.version="1.0.0" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.description="Converts Cisco 7940 and 7960 phones between SCCP and SIP firmware"
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ENV=production
USER switchhook
WORKDIR /var/lib/switchhook
VOLUME /var/lib/switchhook
EXPOSE 67/udp 69/udp 8067/tcp
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "/opt/switchhook/appliance/deploy/health-check.mjs"]
ENTRYPOINT ["node", "--max-semi-space-size=4", "/opt/switchhook/dist/appliance/main.js"]
CMD ["serve", "--config", "/etc/switchhook/appliance.yaml"]
