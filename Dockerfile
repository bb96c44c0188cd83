# One image for the four services and the command line; the first argument says which one runs:
#   docker build -t chimera . && docker run chimera ingest
#   docker run chimera doctor
# Debian, not Alpine: DuckDB's binding is built for glibc.
ARG NODE_IMAGE=node:26.9.0-bookworm-slim

# The manifests alone, so that the layer of the dependencies is made again only when one of them changes.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /all
COPY package.json package-lock.json .npmrc ./
COPY packages packages
COPY services services
RUN mkdir /manifests \
 && find package.json package-lock.json .npmrc packages services -maxdepth 2 \
      \( -name package.json -o -name package-lock.json -o -name .npmrc \) -exec cp --parents '{}' /manifests \;

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY --from=manifests /manifests ./
# No package that the services use needs an install script. Node reads neither types nor maps.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.cache/compile \
    CHIMERA_HOME=/var/lib/chimera \
    CHIMERA_BUCKET=/bucket \
    CHIMERA_HTTP_HOST=0.0.0.0
WORKDIR /app
# A new volume takes over the owner of the folder on which it is first mounted: these are where the services' user writes.
RUN install -d -o node -g node .cache/compile /var/lib/chimera /var/lib/chimera-nats /run/chimera \
      /mnt/nats /mnt/creds/ingest /mnt/creds/collector /mnt/creds/insight /mnt/creds/reporter \
 && install -d /bucket \
 && ln -s /app/deploy/image/chimera /usr/local/bin/chimera
COPY --from=dependencies /app ./
COPY packages packages
COPY services services
COPY deploy/image deploy/image
USER node
# Node finds the compiled code again only under the same user; it never has to write there later.
RUN node deploy/image/warm.mjs
EXPOSE 8601 8602 8603 8604
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "/app/deploy/image/healthy.mjs"]
ENTRYPOINT ["sh", "/app/deploy/image/entrypoint.sh"]
