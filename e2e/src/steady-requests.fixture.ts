import { request } from 'node:http';
import { eventually } from '@actp/testing/eventually';

export interface SteadyRequests {
  /** Returns when as many more as there may be under way have been answered. */
  more(): Promise<unknown>;
  /** Waits for those under way. @returns how often each status, or fault of a connection, was met */
  stop(): Promise<Readonly<Record<string, number>>>;
}

const everyMs = 10;
const mostOpen = 40;

// Whoever may not call is told so (401) before the query is read, and a query that is wrong asks no store: on a slow machine a database
// that answers too late would be met otherwise (503), which says nothing of the gateway.
const path = '/v1/health/snapshots?limit=none';

/** What a request is answered by a gateway that takes it and its secret. */
export const taken = '400';

/** Requests one after the other, each on a connection of its own, whether or not those before have been answered. */
export function startRequests(origin: string, secret: string): SteadyRequests {
  const outcomes: Record<string, number> = {};
  let open = 0;
  let done = 0;
  const note = (outcome: string) => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    open -= 1;
    done += 1;
  };
  const ask = () => {
    // On a slow machine they must not pile up.
    if (open >= mostOpen) return;
    open += 1;
    const asked = request(`${origin}${path}`, {
      agent: false,
      headers: { authorization: `Bearer ${secret}` },
    });
    asked.once('response', (answer) => {
      answer.resume();
      answer.once('end', () => note(String(answer.statusCode)));
    });
    asked.once('error', (error) => note('code' in error ? String(error.code) : error.message));
    asked.end();
  };
  const timer = setInterval(ask, everyMs);
  const longest = { within: 60_000 };
  return {
    more() {
      const enough = done + mostOpen;
      return eventually(() => done >= enough, longest);
    },
    async stop() {
      clearInterval(timer);
      await eventually(() => open === 0, longest);
      return outcomes;
    },
  };
}
