import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import { openStores } from '@actp/testing/stores';
import { asAgent, openVerbs, policyOf } from '../verbs.fixture.ts';
import { requestApproval } from '../approvals/request.ts';
import { createKillSwitchCommandStore } from './command-store.ts';

const stores = await openStores();
const { deps, state, audited, sql } = await openVerbs(stores);
const commands = createKillSwitchCommandStore(createDb(stores.env, 'bot', 20_000));
const command = { scope: 'agent:buyer', actor: 'telegram:42', chatId: '-1' };
const stop = (over: Partial<Parameters<typeof commands.prepare>[0]> = {}) =>
  commands.prepare({ ...command, kind: 'stop', reason: 'it leaks', ...over });
let updates = 0;
const press = (id: string, over: Partial<Parameters<typeof commands.press>[0]> = {}) =>
  commands.press({
    ...{ id, confirmed: true, actor: 'telegram:42', chatId: '-1', updateId: (updates += 1) },
    ...{ refusal: undefined },
    ...over,
  });

beforeEach(() => sql.query('delete from actp_kill_switch_commands; delete from actp_kill_switches'));

describe('[SEC-010] a kill switch command', () => {
  it('stops when its button is pressed, once, and the others are told', async () => {
    const id = await stop();
    expect(await commands.active()).toEqual([]);
    expect(await press(id)).toEqual({
      ...{ result: 'set', scope: 'agent:buyer' },
      notification_id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
    });
    const [active] = await commands.active();
    expect(active).toEqual({
      ...{ scope: 'agent:buyer', reason: 'it leaks', set_by: 'telegram:42', set_by_name: null },
      id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      since: expect.any(String) as string,
    });
    expect(await press(id)).toMatchObject({ result: 'refused', refusal: 'done' });
    expect(await press(await stop())).toMatchObject({ result: 'known' });
    const { rows } = await sql.query(
      `select agent_id from actp_agent_audit_log where action_type = 'security.kill_switch_set' and request_id like 'telegram-%'`,
    );
    expect(rows).toContainEqual({ agent_id: 'telegram:42' });
  });

  it('lifts the switch that was shown, and no later one of the same scope', async () => {
    await press(await stop());
    const [shown] = await commands.active();
    const lift = { ...command, kind: 'lift', switchId: shown?.id ?? '', reason: 'all is well' } as const;
    const [id, again] = [await commands.prepare(lift), await commands.prepare(lift)];
    expect(await press(id)).toMatchObject({ result: 'lifted', scope: 'agent:buyer' });
    expect(await commands.active()).toEqual([]);
    expect((await audited('security.kill_switch_lifted')).at(-1)).toMatchObject({
      ...{ agent_id: 'telegram:42', result: { reason: 'all is well' } },
    });
    await press(await stop());
    expect(await press(again)).toMatchObject({ result: 'not_found' });
    expect(await commands.active()).toHaveLength(1);
  });

  it('keeps a reason without secrets, or says where it came from', async () => {
    const key = ['actp', 'key', 'f'.repeat(64)].join('_');
    // One of the plane's own has no form by which the database would know it.
    const own = 'own secret of this test';
    useOwnSecrets([own]);
    await press(await stop({ reason: `leaks ${key}, ${own} ${'x'.repeat(600)}` }));
    await press(await stop({ scope: 'all', reason: undefined }));
    const [all, leaks] = await commands.active();
    expect(all?.reason).toBe('stopped in Telegram');
    expect(leaks?.reason).toMatch(/^leaks /);
    for (const secret of ['f'.repeat(64), own]) expect(leaks?.reason).not.toContain(secret);
    expect(leaks?.reason.length).toBe(500);
  });

  it.each([
    ['by another', { actor: 'telegram:43' }, 'not_yours'],
    ['in another chat', { chatId: '-2' }, 'other_chat'],
    ['in no chat', { chatId: undefined }, 'other_chat'],
    ['by a stranger', { refusal: 'stranger' }, 'stranger'],
    ['under an id that nobody knows', { id: randomUUID() }, 'unknown'],
  ])('does nothing when it is pressed %s', async (_what, over, refusal) => {
    expect(await press(await stop(), over)).toMatchObject({ result: 'refused', refusal });
    expect(await commands.active()).toEqual([]);
    const [last] = (await audited('kill_switch.press')).slice(-1);
    expect(last).toMatchObject({ status: 'denied', result: { refused: refusal } });
  });

  it('can be dismissed, and each update counts once', async () => {
    const id = await stop();
    const updateId = (updates += 1);
    expect(await press(id, { updateId, confirmed: false })).toEqual({
      ...{ result: 'dismissed', scope: 'agent:buyer' },
    });
    expect(await press(id, { updateId })).toEqual({ result: 'duplicate' });
    expect(await commands.active()).toEqual([]);
  });

  it('stops no more scopes than there may be', async () => {
    await sql.query(
      `insert into actp_kill_switches (scope, reason, set_by)
       select 'agent:a' || i, 'x', 'operator:ann@example.com' from generate_series(1, 200) i`,
    );
    expect(await press(await stop())).toMatchObject({ result: 'too_many' });
  });
});

it('an agent is known that has a key or has asked for an approval', async () => {
  state.policy = policyOf('{ action: pay, approval: required }');
  expect(await commands.isKnownAgent('buyer-7')).toBe(false);
  await requestApproval(
    deps,
    {
      ...{ action: 'pay', details: {}, requested_by: 'buyer-7', reason: null, ttl_seconds: 600 },
      ...{ chat_id: null, callback_url: null, idempotency: null },
    },
    asAgent('buyer-7'),
  );
  expect(await commands.isKnownAgent('buyer-7')).toBe(true);
});
