import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cluster, Redis } from 'ioredis';

/** A connection to one server, as it was when a command went over it. */
export interface Place {
  node: Redis;
  stream: unknown;
}

/** Whether that connection is still open and the same one: after a reconnect another server may be at its other end. */
export const isSameConnection = ({ node, stream }: Place): boolean =>
  node.status === 'ready' && streamOf(node) === stream;

type Send = (...args: unknown[]) => unknown;

/**
 * Tells over which connections the commands of a piece of work went, after every redirection and reconnect: WAIT speaks of the
 * connection that it is sent on, and a cluster client chooses that by itself.
 *
 * @returns runs the work, and gives its result with these connections
 */
export function traceCommands(
  connection: Redis | Cluster,
): <T>(work: () => Promise<T>) => Promise<{ value: T; places: Place[] }> {
  const asked = new AsyncLocalStorage<Set<object>>();
  const places = new WeakMap<object, Place>();

  // A command that is redirected, or sent again, is the same object: the last place is where it ran.
  const watchNode = (node: Redis) => {
    intercept(node, (command) => places.set(command, { node, stream: streamOf(node) }));
  };
  intercept(connection, (command) => asked.getStore()?.add(command));
  if ('nodes' in connection) connection.on('+node', watchNode);
  else watchNode(connection);

  return async (work) => {
    const commands = new Set<object>();
    const value = await asked.run(commands, work);
    const found = [...commands].flatMap((command) => places.get(command) ?? []);
    return { value, places: distinct(found) };
  };
}

function intercept(client: Redis | Cluster, seen: (command: object) => void): void {
  const send = client.sendCommand.bind(client) as Send;
  // Commands that wait for a connection come through here once more when there is one.
  client.sendCommand = ((...args: unknown[]) => {
    const [command] = args;
    if (typeof command === 'object' && command !== null) seen(command);
    return Reflect.apply(send, undefined, args);
  }) as typeof client.sendCommand;
}

// ioredis' own; its types leave it out.
const streamOf = (node: Redis): unknown => (node as unknown as { stream?: unknown }).stream;

function distinct(places: readonly Place[]): Place[] {
  return places.filter((one, index) => places.findIndex(({ stream }) => stream === one.stream) === index);
}
