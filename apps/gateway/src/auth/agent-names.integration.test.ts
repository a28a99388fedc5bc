import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { openGateway, operatorToken } from '../gateway.fixture.ts';
import { agentCalls } from './agent-keys.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const { create, keyOf, list, remove, rotate } = agentCalls(gateway, await operatorToken(gateway));

describe('[TRU-005] what is no agent', () => {
  it.each<[string, object, string]>([
    ['no name', {}, 'id'],
    ['an empty name', { id: '' }, 'id'],
    ['a name that is too long', { id: 'x'.repeat(129) }, 'id'],
    ['a name with a space at the end', { id: 'x ' }, 'id'],
    ['a name with a line break', { id: 'x\ny' }, 'id'],
    ['a name that no header takes', { id: 'käufer' }, 'id'],
    ['a name that no kill switch can name', { id: 'buyer*' }, 'id'],
    ['a name of the plane', { id: 'Gateway' }, 'id'],
    ['a name of a person', { id: 'operator:op@example.com' }, 'id'],
    ['a name that looks like one', { id: '0perator:op@example.com' }, 'id'],
    [
      'a name that looks like a secret',
      { id: ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_') },
      'id',
    ],
    ['an action that is no glob', { id: 'x', actions: ['Ads Deploy'] }, 'actions.0'],
    ['no action at all', { id: 'x', actions: [] }, 'actions'],
    ['an end in the past', { id: 'x', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['an end that is no time', { id: 'x', expires_at: 'tomorrow' }, 'expires_at'],
    ['a key of its own choice', { id: 'x', key: 'actp_key_1' }, 'key'],
  ])('is refused: %s', async (_what, body, field) => {
    const { status, body: problem } = await create(body);
    expect(status).toBe(400);
    expect(problem.errors?.map((one) => one.field)).toContain(field);
  });

  it('is refused: a name that is there already, in any case', async () => {
    await keyOf('Taken');
    for (const id of ['Taken', 'taken', 'TAKEN']) {
      expect(await create({ id })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    }
  });

  it.each([-1, 1.5, '60', 604_801])('is refused: a grace of %j seconds', async (grace_seconds) => {
    expect(await rotate('Taken', { grace_seconds })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'grace_seconds' }] },
    });
  });

  it('is not found: an agent that is not there', async () => {
    for (const id of ['nobody', '%', 'a b', 'x'.repeat(128)]) {
      expect((await remove(id)).status, id).toBe(404);
      expect((await rotate(id)).status, id).toBe(404);
    }
  });
});

it('[TRU-005] lists agents newest first, a page at a time', async () => {
  const ids = ['page 1', 'page/2', 'page:3'];
  for (const id of ids) await keyOf(id);
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await list(`?limit=2${cursor}`);
    seen.push(...(body['agents'] as Array<{ id: string }>).map(({ id }) => id));
    cursor = typeof body['next_cursor'] === 'string' ? `&cursor=${body['next_cursor']}` : '';
  } while (cursor !== '');
  expect(seen.slice(0, 3)).toEqual(ids.toReversed());
  expect(new Set(seen).size).toBe(seen.length);
  for (const id of ids) expect((await remove(id)).status).toBe(200);
});
