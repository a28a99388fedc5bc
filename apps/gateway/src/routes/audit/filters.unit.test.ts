import { describe, expect, it } from 'vitest';
import type { LoggedEvent } from '@actp/services/audit/read';
import type { Caller } from '../../app-env.ts';
import { seenBy } from './filters.ts';

const id = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
const user: Caller = { kind: 'user', id, email: 'ann@example.com' };
const operator: Caller = { kind: 'operator', id, email: 'op@example.com' };
const from = { ip_address: '203.0.113.9', user_agent: 'a browser' };
const nowhere = { ip_address: null, user_agent: null };
const event = (agent_id: string) => ({ agent_id, ...from }) as LoggedEvent;

describe('from where somebody acted', () => {
  it.each([
    ['operator:op@example.com', nowhere],
    ['telegram:42', nowhere],
    ['user:bob@example.com', nowhere],
    ['login:bob@example.com', nowhere],
    ['user:ann@example.com', from],
    ['login:ann@example.com', from],
    [id, from],
    ['executor', from],
  ])('is told a user only of themselves and of programs: %s', (agent, shown) => {
    expect(seenBy(user, event(agent))).toEqual({ agent_id: agent, ...shown });
    expect(seenBy(operator, event(agent))).toEqual(event(agent));
  });
});
