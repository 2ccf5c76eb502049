import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import buildConnector from 'undici/lib/core/connect.js';

/** The largest TLS record. */
const READ_BYTES = 16 * 1024;
/** What is as short gets memory of its own: a head, or the size of a chunk. Of those it is not known when they are taken. */
const SHORT_READ = 256;

/**
 * Connections that read again and again into one buffer, as long as whoever gets the bytes says that they are taken before it returns.
 * Left to itself, node allocates memory outside of V8's heap for each read, and V8 marks the whole heap every few megabytes of that.
 */
export class LentReads {
  #areTaken = false;

  /** The bytes that were just handed over are not needed any more. Of bytes of which nobody says so, such as half of a head, the buffer is not used again. */
  taken(): void {
    this.#areTaken = true;
  }

  /** Makes connections for undici's agents with these certificates; the options are those of its own connector. */
  connector(certificates: SecureContextOptions, options: buildConnector.Options): buildConnector.Connector {
    let secureContext: SecureContext | null = null;
    return (target, callback) => {
      // Left to itself, node parses them for each connection: with many at once, that holds up everything else.
      if (target.protocol === 'https:') secureContext ??= createSecureContext(certificates);
      let buffer = Buffer.allocUnsafeSlow(READ_BYTES);
      const unread: Buffer[] = [];
      const connect = buildConnector({
        ...options,
        ...(secureContext === null ? {} : { secureContext }),
        onread: {
          buffer: () => buffer,
          callback: (length) => {
            const isShort = length <= SHORT_READ;
            unread.push(isShort ? Buffer.from(buffer.subarray(0, length)) : buffer.subarray(0, length));
            this.#areTaken = false;
            socket.emit('readable');
            if (!isShort && (!this.#areTaken || unread.length > 0)) buffer = Buffer.allocUnsafeSlow(READ_BYTES);
            // What a paused answer leaves is asked for when it goes on.
            return unread.length === 0;
          },
        },
      });
      const socket = connect(target, callback);
      const readOn = socket.read.bind(socket);
      socket.read = (size) => (size === 0 ? null : unread.shift()) ?? readOn(0);
      socket.unshift = (bytes: Buffer) => {
        // As of any stream, nothing given back is nothing to read.
        if (bytes.length > 0) unread.unshift(bytes);
      };
      return socket;
    };
  }
}
