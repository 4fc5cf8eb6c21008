# syntax=docker/dockerfile:1
# The image that runs the servers and the worker: docs/operations.md, "Deploying".
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/run.mjs build

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# What comes with @prisma/client and is for its command line or for other databases: more than half of 580 MB, never loaded.
RUN cd node_modules && rm -rf prisma effect typescript @prisma/dev @prisma/studio-core @prisma/query-plan-executor \
  && find @prisma/client/runtime -name 'query_compiler_*' ! -name '*postgresql*' -delete \
  && find . -name '*.map' -delete

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/build ./build
COPY --from=build /app/prisma/migrations ./prisma/migrations
COPY package.json ./
# Only for the embedded database; with DATABASE_URL nothing is written anywhere.
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT||3000}/readyz`).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Node itself is process 1: it gets SIGTERM, and finishes what runs.
CMD ["node", "build/server.js"]
