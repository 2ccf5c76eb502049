// The files of undici that are imported one by one; the types are those of its main file.

declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';

  export = Agent;
}

declare module 'undici/lib/dispatcher/proxy-agent.js' {
  import { ProxyAgent } from 'undici';

  export = ProxyAgent;
}

declare module 'undici/lib/dispatcher/socks5-proxy-agent.js' {
  import { Socks5ProxyAgent } from 'undici';

  export = Socks5ProxyAgent;
}

declare module 'undici/lib/core/connect.js' {
  import type { OnReadOpts, Socket } from 'node:net';
  import type { buildConnector as types } from 'undici';

  namespace buildConnector {
    type Options = types.BuildOptions & { readonly onread?: OnReadOpts };
    /** The socket is given back at once, before it is connected. */
    type Connector = (target: types.Options, callback: types.Callback) => Socket;
  }

  function buildConnector(options: buildConnector.Options): buildConnector.Connector;
  export = buildConnector;
}
