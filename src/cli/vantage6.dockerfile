# An algorithm image for vantage6 nodes, version 4 or 5. Built by hand, not by CI:
#   npm pack && docker build -f src/cli/vantage6.dockerfile -t poolite-vantage6 .
# The node runs it with the environment that src/cli/vantage6.ts describes. It needs no network.
FROM node:20-slim
WORKDIR /app
COPY poolite-*.tgz ./
# The optional native engine is left out: compiled models run in WebAssembly.
RUN npm install --omit=optional --no-audit --no-fund ./poolite-*.tgz && rm poolite-*.tgz
ENV PKG_NAME=poolite NODE_ENV=production
CMD ["node", "node_modules/poolite/dist/src/cli/main.js", "vantage6"]
