import { randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { workerData } from 'node:worker_threads';
import { z } from 'zod';
import { useFingerprintKey } from '@actp/redaction/fingerprint';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import type { AuditRow } from '@actp/shared/audit/event';
import { redactEvent } from '@actp/shared/audit/redact-event';
import { AppError, type ErrorCode, type FieldProblem } from '@actp/shared/errors';
import { eventField, readEvents } from '../audit/read-events.ts';
import type { RequestOrigin } from '../audit/request-origin.ts';
import { decodeText } from '../http/decode-text.ts';
import { fieldProblems } from '../http/field-problems.ts';
import { assertUnambiguous } from '../http/strict-json.ts';

/*
 * What runs in the threads of `threads.ts`. It is given all it needs: no environment, no connection.
 */

/** What a thread says instead of throwing: an error of ours would arrive as one that nobody knows. */
export interface Refusal {
  refused: { code: ErrorCode; message: string; fields: readonly FieldProblem[] };
}

/** Events that were checked and redacted, as JSON. */
export interface ReadBatch {
  /** The agent of each, as it was written. */
  names: string[];
  json: string;
}

export interface ThreadData {
  fingerprintKey: KeyObject;
  ownSecrets: readonly string[];
}

// The same secret has the same fingerprint in all threads.
useFingerprintKey((workerData as ThreadData).fingerprintKey);
useOwnSecrets((workerData as ThreadData).ownSecrets);

/** Reads the body of `POST /v1/audit/events`. */
export function readBatch(task: { bytes: ArrayBuffer; origin: RequestOrigin }): ReadBatch | Refusal {
  return refusing(() => {
    const text = decodeText(task.bytes);
    assertUnambiguous(text, eventField);
    const body = z.looseObject({}).safeParse(JSON.parse(text));
    if (!body.success) {
      throw new AppError('validation_failed', 'the request is not valid', {
        fields: fieldProblems(body.error, 'json'),
      });
    }
    const events = readEvents(body.data);
    const rows = events.map((event) =>
      redactEvent({ ...event, event_id: event.event_id ?? randomUUID(), ...task.origin, source: 'http' }),
    );
    return { names: events.map(({ agent_id }) => agent_id), json: JSON.stringify(rows) };
  });
}

/** Whether a body has one meaning; undefined when it does. */
export function checkJson(task: { bytes: ArrayBuffer }): Refusal | undefined {
  return refusing(() => {
    assertUnambiguous(decodeText(task.bytes));
    return undefined;
  });
}

/** Takes secrets out of rows. */
export function redactRows(task: { rows: readonly AuditRow[] }): AuditRow[] {
  return task.rows.map(redactEvent);
}

function refusing<T>(work: () => T): T | Refusal {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, fields } = error;
    return { refused: { code, message, fields } };
  }
}
