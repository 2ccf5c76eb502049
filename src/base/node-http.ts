// An import of node:http also runs the getters of what it only has from fetch (WebSocket and the like), which loads node's whole fetch: 13 MB that stay.
export const { createServer, request } = process.getBuiltinModule('node:http');
