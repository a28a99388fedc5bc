import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { DbError } from '@actp/db/client';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../app-env.ts';
import { problemOf } from './problem.ts';

/** What a caller gets when a route throws. */
async function answerTo(
  thrown: Error,
): Promise<{ status: number; body: Record<string, unknown>; text: string }> {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    c.set('requestId', 'id-of-the-request');
    await next();
  });
  app.get('/', () => {
    throw thrown;
  });
  app.onError((error, c) => problemOf(c, error));
  const answer = await app.request('/');
  const text = await answer.text();
  return { status: answer.status, body: JSON.parse(text) as Record<string, unknown>, text };
}

const row = 'Key (email)=(zoe@example.com) already exists.';

describe('what was thrown', () => {
  it.each([
    [409, new DbError('conflict', '23505', row)],
    [400, new DbError('validation_failed', '22001', row)],
    [403, new DbError('forbidden', '42501', row)],
    [500, new DbError('internal', 'XX000', row)],
    [500, new AppError('internal', row)],
    [500, new AppError('config_invalid', row)],
    [500, new Error(row)],
    [500, new TypeError(row, { cause: new Error(row) })],
  ])(
    'answers %i without what a row of the database holds, which an error may quote: %s',
    async (status, thrown) => {
      const answer = await answerTo(thrown);
      expect(answer.status).toBe(status);
      expect(answer.text).not.toContain('zoe');
      expect(answer.text).not.toContain('email');
      expect(answer.body).toMatchObject({ status, request_id: 'id-of-the-request' });
    },
  );

  it('answers with the words that are ours', async () => {
    const { status, body } = await answerTo(new AppError('conflict', 'already decided'));
    expect([status, body]).toMatchObject([409, { code: 'conflict', detail: 'already decided' }]);
  });
});
