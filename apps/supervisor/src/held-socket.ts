import { lookup } from 'node:dns/promises';
import net from 'node:net';

/** A socket that is bound here and accepts in the processes to which it is handed. */
export interface HeldSocket {
  fd: number;
  /** From then on it lives as long as a process that accepts from it. */
  close(): void;
}

interface BoundHandle {
  fd: number;
  close(): void;
}

// What Node's cluster module binds the sockets of its workers with: a server of net would accept connections in this process.
type Bind = (address: string, port: number, addressType: 4 | 6) => BoundHandle | number;

/**
 * Binds where the gateway listens. While this process holds the socket, connections wait in its queue when one gateway takes the place of another;
 * with a socket of each gateway's own (SO_REUSEPORT) the system resets those in the queue of the one that closes.
 *
 * @returns undefined when it cannot be bound: the gateway, which then listens by itself, says why
 */
export async function holdSocket(host: string, port: number): Promise<HeldSocket | undefined> {
  const { address, family } = await lookup(host);
  const bind: unknown = Reflect.get(net, '_createServerHandle');
  if (!isBind(bind)) return undefined;
  const handle = bind(address, port, family === 6 ? 6 : 4);
  if (typeof handle === 'number') return undefined;
  return { fd: handle.fd, close: () => handle.close() };
}

const isBind = (value: unknown): value is Bind => typeof value === 'function';
