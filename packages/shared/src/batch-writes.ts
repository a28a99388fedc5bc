import type { Socket } from 'node:net';
import type { Cluster, Redis } from 'ioredis';

/**
 * Sends all commands of one turn of the event loop in one write. Under load that is one system call for many commands, and
 * Redis, too, reads and syncs them together: a fifth less processor time here and there, measured with BullMQ's `add` from
 * 32 callers.
 *
 * @returns the same connection
 */
export function batchWrites<T extends Redis | Cluster>(connection: T): T {
  if ('nodes' in connection) connection.on('+node', batchNode);
  else batchNode(connection);
  return connection;
}

function batchNode(node: Redis): void {
  node.on('connect', () => {
    // ioredis' own; it has no option for this, and its automatic pipelining leaves out scripts, which BullMQ lives on.
    const { stream } = node as unknown as { stream: Socket };
    const write = stream.write.bind(stream);
    let corked = false;
    const uncork = () => {
      corked = false;
      stream.uncork();
    };
    stream.write = (...args: unknown[]) => {
      if (!corked) {
        corked = true;
        stream.cork();
        setImmediate(uncork);
      }
      // The same arguments, for the same function, in whichever of its forms.
      return Reflect.apply(write as (...a: unknown[]) => boolean, undefined, args);
    };
  });
}
