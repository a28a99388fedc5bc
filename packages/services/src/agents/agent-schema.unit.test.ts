import { describe, expect, it } from 'vitest';
import { settleAgent } from './agent-schema.ts';
import { assertActionAllowed } from './assert-action.ts';

const row = {
  id: 'buyer',
  note: null,
  actions: ['ads.*'],
  expires_at: '2026-12-01T12:00:00.5+01:00',
  created_at: '2026-11-26T12:00:00+00:00',
  created_by: 'operator:ann@example.com',
  rotated_at: null,
  last_used_at: '2026-11-26T13:00:00+00:00',
};

describe('a change of an agent', () => {
  it('gives the agent, with times in UTC and without anything else', () => {
    expect(settleAgent({ result: 'created', agent: { ...row, key_hash: 'x' } })).toEqual({
      ...row,
      expires_at: '2026-12-01T11:00:00.500Z',
      created_at: '2026-11-26T12:00:00.000Z',
      last_used_at: '2026-11-26T13:00:00.000Z',
    });
    const { expires_at } = settleAgent({ result: 'created', agent: { ...row, expires_at: null } });
    expect(expires_at).toBeNull();
  });

  it.each([
    ['not_found', { code: 'not_found', message: 'no such agent' }],
    [
      'conflict',
      {
        code: 'conflict',
        message: 'there is an agent of this name, or of one that differs by case alone',
        fields: [{ field: 'id', message: 'is taken' }],
      },
    ],
    ['too_many', { code: 'conflict', message: 'there are 1000 agents already; delete some' }],
    [
      'expired',
      {
        code: 'conflict',
        message: 'the end date of this agent has passed; create it again with another one',
      },
    ],
    [
      'past',
      {
        code: 'validation_failed',
        message: 'the request is not valid',
        fields: [{ field: 'expires_at', message: 'must lie in the future' }],
      },
    ],
    ['created', { code: 'internal', message: 'the database returned no agent' }],
  ])('is refused: %s', (result, error) => {
    // Also where the agent as it is stands beside the refusal.
    const agents = result === 'created' ? [undefined] : [undefined, row];
    for (const agent of agents) {
      expect(() => settleAgent({ result, agent })).toThrow(expect.objectContaining(error));
    }
  });
});

describe('an agent with actions of its own', () => {
  const of = (...actions: string[]) => ({ kind: 'agent', id: 'buyer', actions }) as const;

  it.each(['ads.post', 'Ads.Post', 'ads.post.draft', 'mail.send'])('may ask for those: %s', (action) => {
    expect(() => assertActionAllowed(of('mail.send', 'ads.*'), action)).not.toThrow();
  });

  it.each(['adsx.post', 'mail.send_all', 'x.ads.post', '', 'ads.\u200bpost', '*'])(
    'may not ask for others: %j',
    (action) => {
      expect(() => assertActionAllowed(of('mail.send', 'ads.*'), action)).toThrow(
        expect.objectContaining({
          code: 'action_not_allowed',
          message: 'the key of this agent is not for this action',
          fields: [{ field: 'action', message: 'is none of the actions that this agent may ask for' }],
        }),
      );
      expect(() => assertActionAllowed(of(), action)).toThrow();
    },
  );

  it('is alone in that: others may ask for everything', () => {
    const user = { kind: 'user', id: 'x', email: 'a@b.c' } as const;
    for (const actor of [{ kind: 'agent', id: 'buyer' } as const, { ...user, actions: [] }])
      expect(() => assertActionAllowed(actor, 'anything')).not.toThrow();
  });
});
