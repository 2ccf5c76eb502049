# Built with everything, run with nothing: no shell, no package manager, uid 65532, read-only root.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install script is needed: the compiler and the product are plain packages.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN node_modules/.bin/tsc -p tsconfig.build.json
# Declarations and source maps are half of what the packages weigh, and nothing reads them at run time.
RUN npm prune --omit=dev --ignore-scripts \
  && find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete \
  && mkdir data

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY rules ./rules
# The default data folder, writable without any mount; a volume that is mounted there takes over its owner.
COPY --from=build --chown=65532:65532 /app/data ./data
USER 65532:65532
EXPOSE 8080
# One arena for malloc: the threads that compress would each keep one, and with it what they have freed. Large blocks always go back to the system.
ENV MALLOC_ARENA_MAX=1
ENV MALLOC_MMAP_THRESHOLD_=131072
ENV MALLOC_TRIM_THRESHOLD_=131072
# The heap flags bound what V8 keeps; docs/adr/0006 has the figures.
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=8", "--max-old-space-size=160", "--disable-warning=ExperimentalWarning", "/app/dist/cli/main.js"]
CMD ["run"]
