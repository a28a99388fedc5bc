import { randomUUID } from 'node:crypto';
import type { Stores } from '@actp/testing/stores';
import { json, pageSession, personSession, secret, type TestGateway } from '../gateway.fixture.ts';

type Headers = Record<string, string>;

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** The password of every account here. */
export const password = 'the password of a mere user';

/** Everybody who can call, with what they show; `fresh` ones may lose their session by the call. */
export async function openCallers(gateway: TestGateway, stores: Stores) {
  const person = (role: 'user' | 'operator') =>
    personSession(stores, { email: `${role}-${randomUUID()}@example.com`, role, password });
  const [operator, user, other] = await Promise.all([person('operator'), person('user'), person('user')]);
  const asOperator = bearer(operator.token);
  const keyOf = async (id: string) => {
    const answer = await fetch(`${gateway.url}/v1/agents`, json({ id }, asOperator));
    return bearer(((await answer.json()) as { key: string }).key);
  };
  const ownKey = await keyOf('owner');
  const otherKey = await keyOf('somebody-else');
  const page = await pageSession(gateway);

  const headers: ReadonlyMap<string, Headers> = new Map([
    ['nobody', {}],
    ['worker secret', bearer(secret)],
    ['own key', ownKey],
    ['other key', otherKey],
    ['user', bearer(user.token)],
    ['other user', bearer(other.token)],
    ['operator', asOperator],
    ['cookie', { cookie: page.cookie }],
    ['page', { ...page }],
    ['random', bearer('a bearer token that nobody has ever given out')],
    ['service role', bearer(stores.env.SUPABASE_SERVICE_ROLE_KEY)],
  ]);
  const fresh: ReadonlyMap<string, () => Promise<Headers>> = new Map([
    ['user', async () => bearer((await person('user')).token)],
    ['other user', async () => bearer((await person('user')).token)],
    ['operator', async () => bearer((await person('operator')).token)],
    ['cookie', async () => ({ cookie: (await pageSession(gateway)).cookie })],
    ['page', () => pageSession(gateway)],
  ]);
  return {
    names: [...headers.keys()],
    headersOf: (name: string): Headers => headers.get(name) ?? {},
    freshHeadersOf: async (name: string): Promise<Headers> =>
      (await fresh.get(name)?.()) ?? headers.get(name) ?? {},
    asOperator,
    operator,
    asUser: bearer(user.token),
    /** The agent that has asked for what a caller is about to use: itself with the worker secret, or else the one with `own key`. */
    ownerFor: (name: string) =>
      name === 'worker secret' ? { id: 'worker', headers: bearer(secret) } : { id: 'owner', headers: ownKey },
  };
}

export type Callers = Awaited<ReturnType<typeof openCallers>>;
