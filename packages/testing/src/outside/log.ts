import type { IncomingHttpHeaders } from 'node:http';
import type { FaultKind } from './faults.ts';

/** A request as the service got it. */
export interface LoggedRequest {
  number: number;
  at: string;
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** SHA-256 of the bytes, in hexadecimal. */
  bodyDigest: string;
  /** JSON or form fields; undefined when it is neither. */
  body: unknown;
  idempotencyKey: string | undefined;
  fault: FaultKind | undefined;
  /** The status that was sent, once one was. */
  status: number | undefined;
}

/** Something that has happened, for good: a mail that left, a payment that was made. */
export interface LoggedEffect {
  at: string;
  kind: string;
  key: string | undefined;
  /** What it is for the business, whatever its key: two of the same meaning are the same thing done twice. */
  meaning: string;
  reference: string;
}

export type OutsideLog = ReturnType<typeof createLog>;

/** What came in and what happened: the word of the service, against which ours is judged. */
export function createLog() {
  const requests: LoggedRequest[] = [];
  const effects: LoggedEffect[] = [];
  return {
    requests: requests as readonly LoggedRequest[],
    effects: effects as readonly LoggedEffect[],
    addRequest(request: Omit<LoggedRequest, 'number'>): LoggedRequest {
      const logged = { number: requests.length + 1, ...request };
      requests.push(logged);
      return logged;
    },
    addEffect(effect: Omit<LoggedEffect, 'at'>): void {
      effects.push({ at: new Date().toISOString(), ...effect });
    },
    effectsWithKey: (key: string) => effects.filter((effect) => effect.key === key),
    /** How often each thing was done. */
    countByMeaning: () => count(effects.map(({ meaning }) => meaning)),
    countByKey: () => count(effects.map(({ key }) => key ?? '')),
    clear(): void {
      requests.length = 0;
      effects.length = 0;
    },
  };
}

function count(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
