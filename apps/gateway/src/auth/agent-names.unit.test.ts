import { describe, expect, it } from 'vitest';
import {
  asCaller,
  bearer,
  key,
  openCredentials,
  operator,
  token,
  workerSecret,
} from './credentials.fixture.ts';
import { atRequest } from './request.fixture.ts';

const refusal = (code: string, message: string, fields: object[] = []) =>
  expect.objectContaining({ code, message, fields });

describe('the name of an agent', () => {
  const named = (id: string, credential = workerSecret) => ({ ...bearer(credential), 'x-agent-id': id });
  const needsKey = refusal('agent_key_required', 'this name belongs to an agent with a key of its own', [
    { field: 'X-Agent-Id', message: 'needs the key of that agent' },
  ]);

  it('is none but its own with a key', async () => {
    for (const asItself of [undefined, 'reads', 'acts'] as const) {
      await expect(openCredentials().assert(named('seller', key), ['agent'], asItself)).rejects.toEqual(
        refusal('forbidden', 'the key is that of another agent', [
          { field: 'X-Agent-Id', message: 'must be the agent that the key belongs to, or absent' },
        ]),
      );
    }
  });

  it.each(['reads', 'acts', undefined] as const)(
    'is none that another has a key for: %s',
    async (asItself) => {
      await expect(openCredentials().assert(named('buyer'), ['agent'], asItself)).rejects.toEqual(needsKey);
    },
  );

  it('of whom the audit log shall not name stays out of it', async () => {
    const { credentials } = openCredentials();
    const caller = await atRequest({ headers: named('buyer') }, async (c) => {
      await expect(credentials.assert(c, ['agent'])).rejects.toEqual(needsKey);
      return c.get('caller');
    });
    expect(caller).toEqual({ kind: 'agent', id: 'worker' });
  });

  it('is asked for only where it matters', async () => {
    const { assert, askedNames } = openCredentials();
    // Without a name, and nothing that depends on one.
    expect(await assert(bearer(workerSecret))).toEqual({ kind: 'agent', id: 'worker' });
    await assert(bearer(await token(operator)), ['operator'], 'acts');
    await assert(bearer(key), ['agent'], 'acts');
    expect(askedNames).toEqual([]);
    await assert(named('seller'));
    expect(askedNames).toEqual(['seller']);
    await expect(assert(bearer(workerSecret), ['agent'], 'reads')).rejects.toEqual(needsKey);
  });

  it('takes a key to act in, where keys are required, but not to read', async () => {
    const { assert } = openCredentials({ agentKeysRequired: true });
    await expect(assert(named('seller'), ['agent'], 'acts')).rejects.toEqual(
      refusal('agent_key_required', 'agents need keys of their own for this (AGENT_KEYS_REQUIRED)'),
    );
    expect(await assert(named('seller'), ['agent'], 'reads')).toEqual({ kind: 'agent', id: 'seller' });
    expect(await assert(named('seller'), ['agent'])).toEqual({ kind: 'agent', id: 'seller' });
    expect(await openCredentials().assert(named('seller'), ['agent'], 'acts')).toEqual({
      kind: 'agent',
      id: 'seller',
    });
    expect(await assert(bearer(await token(operator)), ['operator'], 'acts')).toEqual(asCaller(operator));
  });

  const form = 'must be 1 to 128 printable ASCII characters';
  const reserved =
    'must not be a name of the plane, of its parts, or of a person (operator:, telegram:, user:)';
  it.each([
    ['', form],
    [' seller', form],
    ['x'.repeat(129), form],
    ['tab\there', form],
    ['ünï', form],
    ['gateway', reserved],
    ['operator:op@example.com', reserved],
  ])('cannot be %j', async (id, message) => {
    await expect(openCredentials().assert(named(id))).rejects.toEqual(
      refusal('validation_failed', 'the X-Agent-Id header cannot be used', [
        { field: 'X-Agent-Id', message },
      ]),
    );
  });

  it('can have 128 characters, and never holds a secret', async () => {
    expect(await openCredentials().assert(named('x'.repeat(128)))).toMatchObject({ id: 'x'.repeat(128) });
    const held = `agent ${['actp', 'key', 'f'.repeat(64)].join('_')}`;
    const caller = await openCredentials().assert(named(held));
    expect(caller.id).toMatch(/^agent /);
    expect(caller.id).not.toContain('f'.repeat(64));
  });
});
