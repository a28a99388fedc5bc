import { randomUUID } from 'node:crypto';
import { json, operator, personSession } from '../gateway.fixture.ts';
import { password } from './callers.fixture.ts';
import type { CallDeps, Calls } from './calls.fixture.ts';

const newEmail = () => `${randomUUID()}@example.com`;

/** Calls about accounts, sessions and agents' keys. */
export function accountCalls({ gateway, stores, callers }: CallDeps): Calls {
  const made = async (path: string, body: unknown) => {
    const answer = await fetch(`${gateway.url}${path}`, json(body, callers.asOperator));
    if (!answer.ok) throw new Error(`${path} gave ${answer.status}`);
    return (await answer.json()) as { id: string; invite_code: string };
  };
  const invite = () => made('/v1/operators', { email: newEmail() });
  const agent = async () => ({ id: (await made('/v1/agents', { id: `agent-${randomUUID()}` })).id });
  return {
    'POST /v1/auth/register': () => ({ body: { email: newEmail(), password: 'ten or more' } }),
    'POST /v1/auth/login': () => ({ body: operator }),
    'POST /v1/auth/logout': () => ({ body: {} }),
    'POST /v1/auth/password': () => ({ body: { current: password, new: 'another password of theirs' } }),
    'POST /v1/auth/accept-invite': async () => ({
      body: { code: (await invite()).invite_code, password: 'a passphrase of their own' },
    }),
    'GET /v1/sessions': () => ({}),
    'DELETE /v1/sessions/{id}': async () => ({
      params: { id: (await personSession(stores, { email: newEmail(), password })).session },
    }),
    'POST /v1/operators': () => ({ body: { email: newEmail() } }),
    'GET /v1/operators': () => ({}),
    'PATCH /v1/operators/{id}': async () => ({
      params: { id: (await invite()).id },
      body: { name: 'Ann' },
    }),
    'POST /v1/operators/{id}/telegram-code': () => ({ params: { id: callers.operator.id }, body: {} }),
    'DELETE /v1/operators/{id}/telegram': async () => {
      const { id } = callers.operator;
      await stores.sql.query(
        'insert into actp_telegram_links (telegram_id, user_id) values (5, $1) on conflict do nothing',
        [id],
      );
      return { params: { id } };
    },
    'POST /v1/agents': () => ({ body: { id: `agent-${randomUUID()}` } }),
    'GET /v1/agents': () => ({}),
    'DELETE /v1/agents/{id}': async () => ({ params: await agent() }),
    'POST /v1/agents/{id}/rotate': async () => ({ params: await agent(), body: {} }),
    'GET /login': () => ({}),
    'POST /login': () => ({ form: operator, headers: { accept: 'application/json' } }),
    'GET /logout': () => ({}),
    'POST /logout': () => ({}),
  };
}
