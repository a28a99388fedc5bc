import type { Stores } from '@actp/testing/stores';
import { json, operatorToken, personSession, type TestGateway } from '../gateway.fixture.ts';

/** How each route about accounts and sessions is called so that it changes something. */
export function accountCalls({
  gateway,
  stores,
  asOperator,
}: {
  gateway: TestGateway;
  stores: Stores;
  asOperator: Record<string, string>;
}): Record<string, () => Promise<Response>> {
  const invite = (email: string) => gateway.fetch('/v1/operators', json({ email }, asOperator));
  const bodyOf = (answer: Response) => answer.json() as Promise<{ id: string; invite_code: string }>;
  return {
    'POST /v1/auth/register': () =>
      gateway.fetch('/v1/auth/register', json({ email: 'registers@example.com', password: 'ten or more' })),
    'POST /v1/auth/logout': async () =>
      gateway.fetch('/v1/auth/logout', json({}, { authorization: `Bearer ${await operatorToken(gateway)}` })),
    'POST /v1/auth/password': async () => {
      const change = { current: 'the password of a mere user', new: 'another password of theirs' };
      const { token: own } = await personSession(stores, { email: 'changes-password@example.com' });
      return gateway.fetch('/v1/auth/password', json(change, { authorization: `Bearer ${own}` }));
    },
    'POST /v1/auth/accept-invite': async () => {
      const { invite_code: code } = await invite('accepts@example.com').then(bodyOf);
      return gateway.fetch('/v1/auth/accept-invite', json({ code, password: 'a passphrase of their own' }));
    },
    'DELETE /v1/sessions/:id': async () => {
      const { session } = await personSession(stores, { email: 'is-ended@example.com' });
      return gateway.fetch(`/v1/sessions/${session}`, { method: 'DELETE', headers: asOperator });
    },
    'POST /v1/operators': () => invite('invited@example.com'),
    'PATCH /v1/operators/:id': async () => {
      const { id } = await invite('renamed@example.com').then(bodyOf);
      return gateway.fetch(`/v1/operators/${id}`, { ...json({ name: 'Ann' }, asOperator), method: 'PATCH' });
    },
    'POST /v1/operators/:id/telegram-code': async () => {
      const { id, token: own } = await personSession(stores, {
        email: 'links@example.com',
        role: 'operator',
      });
      return gateway.fetch(`/v1/operators/${id}/telegram-code`, json({}, { authorization: `Bearer ${own}` }));
    },
    'DELETE /v1/operators/:id/telegram': async () => {
      const { id, token: own } = await personSession(stores, {
        email: 'unlinks@example.com',
        role: 'operator',
      });
      await stores.sql.query('insert into actp_telegram_links (telegram_id, user_id) values (5, $1)', [id]);
      return gateway.fetch(`/v1/operators/${id}/telegram`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${own}` },
      });
    },
  };
}
