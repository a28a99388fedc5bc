import { availableParallelism } from 'node:os';
import { finished } from 'node:stream/promises';
import type { Context } from 'hono';
import type { AuditRow } from '@actp/shared/audit/event';
import { redactEvent } from '@actp/shared/audit/redact-event';
import { AppError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import type { AppEnv } from '../app-env.ts';
import type { RequestOrigin } from '../audit/request-origin.ts';
import { headerOf } from '../http/header-of.ts';
import { largeBytes } from './sizes.ts';
import { createSlots, type Slot } from '../rate-limits/slots.ts';
import type { ReadBatch, Refusal } from './thread.ts';
import { createThreads } from './threads.ts';
import { createTurns } from './turns.ts';

/** What keeps large bodies from holding up everybody else. */
export interface LargeBodies {
  /**
   * Answers a request whose body may be large; while a large one is under way its caller has a place less.
   *
   * @param kind decisions have places of their own
   */
  admitted<T>(c: Context<AppEnv>, kind: 'batch' | 'other', answer: () => Promise<T>): Promise<T>;
  /** Resolves when it is the turn of a piece of work that is neither small nor large. */
  turn(): Promise<void>;
  /** @throws AppError `validation_failed` as `assertUnambiguous` does, `unavailable` when it cannot be found out */
  assertUnambiguous(bytes: ArrayBuffer): Promise<void>;
  /**
   * Reads events for the audit log. The bytes are gone afterwards.
   *
   * @throws AppError as the reading of a small body does, `unavailable` when it cannot be read
   */
  readEvents(bytes: ArrayBuffer, origin: RequestOrigin): Promise<ReadBatch>;
  /** Takes secrets out of rows that are not small. @param size characters of all their texts */
  redactRows(rows: readonly AuditRow[], size: number): Promise<readonly AuditRow[]>;
  stop(): Promise<void>;
}

// How long a body that has no place may take to come.
const discardMs = 5_000;
// Besides the one that answers.
const batchThreads = Math.min(4, Math.max(1, availableParallelism() - 1));

/** Two sets of threads: a decision, or what is recorded of one, never waits behind batches of events. */
export function createLargeBodies({ log }: { log: Logger }): LargeBodies {
  const batches = createThreads({ count: batchThreads, log });
  const others = createThreads({ count: 1, log });
  const slots = { batch: createSlots(), other: createSlots() };
  const turn = createTurns();

  return {
    async admitted(c, kind, answer) {
      const slot = slots[kind](callerOf(c));
      c.set('largeBody', slot);
      try {
        if (Number(headerOf(c, 'content-length') ?? 0) > largeBytes) await takeOrDiscard(c, slot);
        return await answer();
      } finally {
        slot.free();
      }
    },
    turn,
    async assertUnambiguous(bytes) {
      const refusal = await others.run('checkJson', { bytes });
      if (refusal !== undefined) throw errorOf(refusal);
    },
    async readEvents(bytes, origin) {
      const read = await batches.run('readBatch', { bytes, origin }, [bytes]);
      if ('refused' in read) throw errorOf(read);
      return read;
    },
    async redactRows(rows, size) {
      if (size > largeBytes) return others.run('redactRows', { rows });
      await turn();
      return rows.map(redactEvent);
    },
    async stop() {
      await Promise.all([batches.stop(), others.stop()]);
    },
  };
}

/** Whether a body is large, or does not say how large it is. */
export function mayBeLarge(c: Context<AppEnv>): boolean {
  return (
    headerOf(c, 'transfer-encoding') !== undefined || Number(headerOf(c, 'content-length') ?? 0) > largeBytes
  );
}

// A connection that is closed while its client still sends hides the answer from most of them.
async function takeOrDiscard(c: Context<AppEnv>, slot: Slot): Promise<void> {
  try {
    await slot.take();
  } catch (error) {
    const { incoming } = c.env;
    incoming.resume();
    await finished(incoming, { signal: AbortSignal.timeout(discardMs) }).catch(() => undefined);
    throw error;
  }
}

function callerOf(c: Context<AppEnv>): string {
  const caller = c.get('caller');
  return caller === undefined ? `address ${c.get('clientIp')}` : `${caller.kind} ${caller.id}`;
}

const errorOf = ({ refused: { code, message, fields } }: Refusal) => new AppError(code, message, { fields });
