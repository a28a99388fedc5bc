import { describe, expect, it } from 'vitest';
import { createClient } from './client.ts';
import { openStandIn } from './stand-in-gateway.fixture.ts';

const action = 'stripe.charge';
const details = { amount_usd: 25 };
const id = '0b7f2a52-6a3c-4c0e-9d6b-0f1d2c3b4a59';

type Anything = (...args: unknown[]) => Promise<unknown>;

/** A client as JavaScript sees it, and whether it has asked anything. */
async function untyped() {
  const standIn = await openStandIn();
  standIn.guard.say('allow');
  const client: object = standIn.client();
  const call = (name: string, ...args: readonly unknown[]) =>
    (Reflect.get(client, name) as Anything).apply(client, [...args]);
  return { call, asked: () => standIn.seen() };
}

const withOptions: Record<string, (options: unknown) => readonly unknown[]> = {
  requestApproval: (options) => [action, details, undefined, options],
  checkApproval: (options) => [id, options],
  getApproval: (options) => [id, options],
  requireApproval: (options) => [action, details, options],
  guard: (options) => [action, details, () => 1, options],
  redeem: (options) => [id, action, details, options],
  reportOutcome: (options) => [id, 'succeeded', undefined, options],
  cancel: (options) => [id, options],
};

describe('an option that a function does not have', () => {
  it.each(Object.keys(withOptions))('is refused by %s before anything is asked', async (name) => {
    const { call, asked } = await untyped();
    for (const options of [{ nothingOfTheKind: 1 }, { nothingOfTheKind: undefined }, { toString: 1 }]) {
      const called = call(name, ...(withOptions[name]?.(options) ?? []));
      await expect(called).rejects.toThrow(TypeError);
      await expect(called).rejects.toThrow(`${name} has no option "${Object.keys(options).join('')}"`);
    }
    for (const options of [null, 'text', 1, []]) {
      await expect(call(name, ...(withOptions[name]?.(options) ?? []))).rejects.toThrow(TypeError);
    }
    expect(asked()).toEqual([]);
  });

  it.each([
    ['workid', 'workId'],
    ['work_id', 'workId'],
    ['workIdd', 'workId'],
    ['ttl', 'ttlSeconds'],
    ['cost', 'costUsd'],
    ['onpending', 'onPending'],
    ['wrkId', 'workId'],
    ['wirkId', 'workId'],
    ['orkId', 'workId'],
    ['workIdent', 'workId'],
    ['signl', 'signal'],
    ['singal', 'signal'],
    ['costUsdTotal', 'costUsd'],
  ])('is named with the one that was meant: %s', async (given, meant) => {
    const { call, asked } = await untyped();
    const called = call('guard', action, details, () => 1, { [given]: 'hunter2' });
    await expect(called).rejects.toThrow(`guard has no option "${given}"; did you mean ${meant}?`);
    await expect(called).rejects.not.toThrow('hunter2');
    expect(asked()).toEqual([]);
  });

  it.each(['id', 'x', 'xyz', 'sgnlxx', 'workload', 'colour'])(
    'is not taken for another one: %s',
    async (given) => {
      const { call } = await untyped();
      const called = call('guard', action, details, () => 1, { [given]: 1 });
      await expect(called).rejects.toThrow(`guard has no option "${given}"; it takes `);
    },
  );

  it('is refused when a client is made', () => {
    const make = (more: object) => () =>
      createClient({ url: 'http://127.0.0.1:8787', secret: 'hunter2', ...more });
    expect(make({ agentID: 'a' })).toThrow(TypeError);
    expect(make({ agentID: 'a' })).toThrow('createClient has no option "agentID"; did you mean agentId?');
    expect(make({ timeout: 1 })).toThrow('did you mean timeoutSeconds?');
    expect(make({ colour: 1 })).toThrow('it takes url, secret');
    expect(make({ fetch: 1 })).toThrow('fetch of createClient must be a function');
    expect(make({ agentID: 'a' })).not.toThrow(/hunter2/);
  });
});

describe('an argument of another type', () => {
  it.each<[string, string, readonly unknown[]]>([
    ['run', 'guard', [action, details, undefined]],
    ['run', 'guard', [action, details, { workId: '1' }]],
    ['action', 'guard', [1, details, () => 1]],
    ['action', 'requireApproval', [undefined, details]],
    ['action', 'requestApproval', [{}, details]],
    ['action', 'redeem', [id, 1, details]],
    ['details', 'guard', [action, undefined, () => 1]],
    ['details', 'requireApproval', [action, null]],
    ['details', 'requestApproval', [action, 'text']],
    ['details', 'redeem', [id, action]],
    ['chatId', 'requestApproval', [action, details, { workId: '1' }]],
    ['workId', 'guard', [action, details, () => 1, { workId: 7 }]],
    ['workId', 'guard', [action, details, () => 1, { workId: null }]],
    ['ttlSeconds', 'requireApproval', [action, details, { ttlSeconds: '60' }]],
    ['onPending', 'requireApproval', [action, details, { onPending: 'log' }]],
    ['cancelOnAbort', 'guard', [action, details, () => 1, { cancelOnAbort: 'no' }]],
    ['costUsd', 'guard', [action, details, () => 1, { costUsd: Number.NaN }]],
    ['resultToReport', 'guard', [action, details, () => 1, { resultToReport: true }]],
    ['signal', 'cancel', [id, { signal: {} }]],
    ['status', 'reportOutcome', [id, true]],
    ['beforeEffect', 'reportOutcome', [id, 'failed', undefined, { beforeEffect: 1 }]],
  ])('is refused before anything is asked: %s of %s', async (argument, name, args) => {
    const { call, asked } = await untyped();
    const called = call(name, ...args);
    await expect(called).rejects.toThrow(TypeError);
    await expect(called).rejects.toThrow(argument);
    await expect(called).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(asked()).toEqual([]);
  });

  it('is no option that is undefined, or without a prototype', async () => {
    const { call } = await untyped();
    expect(await call('guard', action, details, () => 1, { workId: undefined, signal: undefined })).toBe(1);
    const bare: object = Object.assign(Object.create(null), { reason: 'why' });
    expect(await call('guard', action, details, () => 1, bare)).toBe(1);
  });
});
