import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface TcpGate {
  port: number;
  /** Cuts every connection and refuses new ones, as a service that died. */
  shut(): Promise<void>;
  /** Lets connections through again, on the same port. */
  open(): Promise<void>;
}

/** A way to a service on loopback that can be shut: for outages of a store that other tests go on using. */
export async function openTcpGate(targetPort: number): Promise<TcpGate> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;

  const pass = (from: Socket) => {
    const to = connect({ port: targetPort, host: '127.0.0.1' });
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  };

  const gate = {
    async open() {
      if (server) return;
      const opened = createServer(pass).listen(port, '127.0.0.1');
      server = opened;
      await once(opened, 'listening');
      // A TCP server has an address of this kind once it listens.
      port = (opened.address() as AddressInfo).port;
    },
    async shut() {
      const closing = server;
      if (!closing) return;
      server = undefined;
      const closed = once(closing, 'close');
      closing.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  await gate.open();
  return { port, ...gate };
}
