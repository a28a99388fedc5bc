import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closeIdleConnections, openResources } from './leaks.ts';

const opened = (before: ReadonlyMap<string, number>) =>
  Object.fromEntries(
    [...openResources()].map(([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const),
  );

it('sees a server, a connection and a timer that keep a process alive, and none that does not', async () => {
  const before = openResources();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const timer = setInterval(() => undefined, 60_000);
  setTimeout(() => undefined, 60_000).unref();
  expect(opened(before)).toMatchObject({ TCPServerWrap: 1, Timeout: 1 });
  expect(opened(before)['TCPSocketWrap']).toBeGreaterThanOrEqual(1);
  clearInterval(timer);
  socket.destroy();
  server.close();
});

describe('connections that fetch keeps open', () => {
  const [current, legacy] = [
    Symbol.for('undici.globalDispatcher.2'),
    Symbol.for('undici.globalDispatcher.1'),
  ];
  const destroyed: unknown[] = [];
  class Agent {
    async destroy() {
      destroyed.push(this);
    }
  }
  class Wrapper extends Agent {
    readonly inner: unknown;
    constructor(inner: unknown) {
      super();
      if (inner === undefined) throw new TypeError('it wraps something');
      this.inner = inner;
    }
  }
  const close = (holder: Record<symbol, unknown>) => {
    destroyed.length = 0;
    closeIdleConnections(holder);
    return holder;
  };

  it('are closed when the dispatcher is wrapped for earlier versions', () => {
    const agent = new Agent();
    const holder = close({ [current]: agent, [legacy]: new Wrapper(agent) });
    expect(destroyed).toEqual([agent]);
    expect(holder[current]).toBeInstanceOf(Agent);
    expect(holder[current]).not.toBe(agent);
    expect(holder[legacy]).toMatchObject({ inner: holder[current] });
  });

  it('are closed when both names have the same dispatcher, two, or only one has', () => {
    const [one, two] = [new Agent(), new Agent()];
    const same = close({ [current]: one, [legacy]: one });
    expect(same[legacy]).toBe(same[current]);
    expect(destroyed).toEqual([one]);
    close({ [current]: one, [legacy]: two });
    expect(destroyed).toEqual([one, two]);
    const alone = close({ [legacy]: two });
    expect(destroyed).toEqual([two]);
    expect(alone[legacy]).not.toBe(two);
    close({});
    expect(destroyed).toEqual([]);
  });
});
