import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { isPortFree } from '@actp/embedded/free-port';

// Below the ports that the plane draws from, and so of every system's ephemeral range.
const lowest = 12_000;
const highest = 20_000;
const attempts = 200;

/**
 * A loopback TCP port that is this process's until it ends: nobody listens on it, and no other test is given it, be it used at
 * once, later, or by nobody. What holds it is the UDP port of the same number, which needs no one who gives out ports.
 */
export async function ownPort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(lowest, highest);
    if ((await claim(port)) && (await isPortFree(port))) return port;
  }
  throw new Error(`no free port between ${lowest} and ${highest}`);
}

async function claim(port: number): Promise<boolean> {
  const socket = createSocket({ type: 'udp4' });
  socket.bind(port, '127.0.0.1');
  try {
    await once(socket, 'listening');
  } catch {
    socket.close();
    return false;
  }
  socket.unref();
  return true;
}
