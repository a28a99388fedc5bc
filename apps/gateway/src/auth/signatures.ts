import type { Context } from 'hono';
import type { Db } from '@actp/db/client';
import { claimSignedRequest } from '@actp/services/signed-requests/claim';
import { AppError, type FieldProblem } from '@actp/shared/errors';
import { fewAtATime } from '@actp/shared/few-at-a-time';
import { isSignedBy } from '@actp/shared/standard-webhooks';
import type { AppEnv } from '../app-env.ts';
import { headerOf } from '../http/header-of.ts';

/** @throws AppError `unauthenticated` when an agent's request has to be signed and is not, is stale, or was sent before */
export type AssertSigned = (c: Context<AppEnv>) => Promise<void>;

// Each signature is a question of its own: a flood of them must leave connections to the database for others.
const claimsAtATime = { most: 8, waitMs: 1_500, part: 'the check of signatures' };

const refusals: Record<string, string> = {
  stale: 'the signature is more than five minutes old, or from the future',
  replayed: 'a request with this webhook-id was made before',
};

/**
 * Critical calls of agents carry a signature over method, path and body beside the worker secret, so that who has only read
 * the secret somewhere, or recorded a call, can do nothing with it. People's sessions are not concerned.
 *
 * @param config `secrets`: any of them will do; none when signatures are not required
 */
export function createSignatureCheck(
  db: Db,
  config: { secrets: ReadonlyArray<string | undefined> },
): AssertSigned {
  const secrets = config.secrets.filter((secret) => secret !== undefined);
  const claim = fewAtATime(
    (id: string, timestamp: number) => claimSignedRequest(db, id, timestamp),
    claimsAtATime,
  );
  return async (c) => {
    if (secrets.length === 0 || c.get('caller')?.kind !== 'agent') return;
    const { id, timestamp, signatures } = readHeaders(c);
    const body = Buffer.from(await c.req.arrayBuffer()).toString();
    const content = `${c.req.method}.${c.env.incoming.url ?? ''}.${body}`;
    if (!secrets.some((secret) => isSignedBy(secret, { id, timestamp, content }, signatures))) {
      throw refusal('the signature does not fit method, path and body', [
        { field: 'webhook-signature', message: 'does not fit' },
      ]);
    }
    const result = await claim(id, timestamp);
    if (result === 'ok') return;
    throw refusal(refusals[result] ?? 'the signature is refused', [
      { field: result === 'stale' ? 'webhook-timestamp' : 'webhook-id', message: 'is refused' },
    ]);
  };
}

function readHeaders(c: Context<AppEnv>): { id: string; timestamp: number; signatures: string } {
  const id = headerOf(c, 'webhook-id') ?? '';
  const timestamp = headerOf(c, 'webhook-timestamp') ?? '';
  const signatures = headerOf(c, 'webhook-signature') ?? '';
  const fields: FieldProblem[] = [];
  if (!/^[\x21-\x7e]{1,256}$/.test(id)) {
    fields.push({ field: 'webhook-id', message: 'must be 1 to 256 printable ASCII characters' });
  }
  if (!/^\d{1,12}$/.test(timestamp)) {
    fields.push({ field: 'webhook-timestamp', message: 'must be seconds since 1970' });
  }
  if (!/^\S{1,256}(?: \S{1,256}){0,7}$/.test(signatures)) {
    fields.push({ field: 'webhook-signature', message: 'must be one to eight signatures, v1,<base64>' });
  }
  if (fields.length > 0) throw refusal('this call has to be signed (SIGNING_REQUIRED)', fields);
  return { id, timestamp: Number(timestamp), signatures };
}

const refusal = (message: string, fields: FieldProblem[]) =>
  new AppError('unauthenticated', message, { fields });
