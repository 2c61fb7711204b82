# The program in an image of its own. What it keeps is in /label-studio/data, as in Label Studio's image.
FROM node:22-bookworm AS build
WORKDIR /src
COPY . .
RUN npm ci && npm pack --pack-destination / \
  && npm install --global --prefix /opt/atelier /atelier-*.tgz

FROM node:22-bookworm-slim
COPY --from=build /opt/atelier /opt/atelier
RUN mkdir -p /label-studio/data && chown node:node /label-studio/data
ENV PATH=/opt/atelier/bin:$PATH \
  NODE_ENV=production \
  LABEL_STUDIO_BASE_DATA_DIR=/label-studio/data
USER node
WORKDIR /label-studio
VOLUME /label-studio/data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LABEL_STUDIO_PORT ?? 8080}/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["label-studio"]
CMD ["start", "--no-browser"]
