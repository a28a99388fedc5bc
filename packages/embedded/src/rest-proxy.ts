import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { joinRestConnection } from './rest-connection.ts';
import { StartupError } from './startup-error.ts';

export interface RestProxyOptions {
  port: number;
  /** PostgREST's port on loopback; undefined while there is none. */
  targetPort: () => number | undefined;
}

export interface RestProxy {
  /** For `SUPABASE_URL`. */
  url: string;
  stop(): Promise<void>;
}

const prefix = '/rest/v1';

/**
 * Serves PostgREST under `/rest/v1`, where Supabase has it, on loopback.
 *
 * Every call of every app to the database comes through here. Node's HTTP server and client in a row would cost half a
 * millisecond of processor time for each; passing bytes on and reading only the heads of requests costs a fifth of that.
 */
export async function startRestProxy({ port, targetPort }: RestProxyOptions): Promise<RestProxy> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    joinRestConnection({ client, prefix, targetPort });
  });
  server.listen({ port, host: '127.0.0.1' });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StartupError(`Port ${port} on 127.0.0.1 is taken.`, 'Start again.', { cause: error });
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const client of clients) client.destroy();
      await closed;
    },
  };
}
