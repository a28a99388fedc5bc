import { AppError } from '../errors.ts';
import { isSameConnection, type Place } from './command-trace.ts';

// With the write before it, below what a caller has to hear no in.
const waitMs = 800;
// For a look whether they are back.
const lookMs = 300;
const pauseMs = 250;

export interface ReplicaWait {
  /** @throws AppError `unavailable` at once while the replicas of this connection are known to be away */
  assertPresent(place: Place): Promise<void>;
  /**
   * Resolves when as many replicas as demanded hold everything that went over these connections until now.
   *
   * @throws AppError `unavailable` when that cannot be had; what was written may be there and may be lost
   */
  confirm(places: readonly Place[]): Promise<void>;
}

interface Connection {
  /** Everybody who comes while one WAIT is under way shares the next one. */
  next: Promise<number> | undefined;
  running: Promise<unknown>;
  missingSince: number | undefined;
}

/** Asks Redis (WAIT) until replicas hold what was written. @param required how many of them, told before each answer */
export function createReplicaWait(required: (place: Place) => Promise<number>): ReplicaWait {
  const connections = new WeakMap<object, Connection>();

  function connectionOf({ stream }: Place): Connection {
    if (typeof stream !== 'object' || stream === null) throw tooFew();
    const known = connections.get(stream);
    if (known !== undefined) return known;
    const made: Connection = { next: undefined, running: Promise.resolve(), missingSince: undefined };
    connections.set(stream, made);
    return made;
  }

  function holding(place: Place, count: number, ms: number): Promise<number> {
    const connection = connectionOf(place);
    connection.next ??= connection.running.then(() => {
      connection.next = undefined;
      const reply = ask(place, count, ms);
      connection.running = reply.catch(() => undefined);
      return reply;
    });
    return connection.next;
  }

  async function assertHolding(place: Place, ms: number): Promise<void> {
    const count = await required(place);
    if (count === 0) return;
    const connection = connectionOf(place);
    const reached = await holding(place, count, ms).catch(() => -1);
    connection.missingSince = reached < count ? performance.now() : undefined;
    if (reached < count) throw tooFew();
  }

  return {
    async assertPresent(place) {
      if (!isSameConnection(place)) return;
      const connection = connectionOf(place);
      if (connection.missingSince === undefined) return;
      if (performance.now() - connection.missingSince < pauseMs) throw tooFew();
      await assertHolding(place, lookMs);
    },
    async confirm(places) {
      if (places.length === 0) throw tooFew();
      await Promise.all(places.map((place) => assertHolding(place, waitMs)));
    },
  };
}

async function ask(place: Place, count: number, ms: number): Promise<number> {
  if (!isSameConnection(place)) return -1;
  const reply = Number(await place.node.call('wait', count, ms));
  // Sent again over another connection, it would speak of nothing that was written.
  return isSameConnection(place) ? reply : -1;
}

const tooFew = () =>
  new AppError('unavailable', 'redis has too few replicas that hold what was written (REDIS_MIN_REPLICAS)', {
    retryAfter: 2,
  });
