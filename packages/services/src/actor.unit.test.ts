import { describe, expect, it } from 'vitest';
import { actorName, assertActor, type Actor } from './actor.ts';
import { auditContext, auditOrigin } from './request-context.ts';

const agent: Actor = { kind: 'agent', id: 'buyer' };
const user: Actor = { kind: 'user', id: '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11', email: 'ann@example.com' };
const operator: Actor = { ...user, kind: 'operator', session: '0b0e3c1e-6a55-4a0c-9a39-6a1f1b1f0c11' };
const telegram: Actor = { kind: 'telegram', id: '42' };
const plane: Actor = { kind: 'system', id: 'plane' };

describe('who acts', () => {
  it('has a name in which a person cannot be taken for an agent', () => {
    expect([agent, user, operator, telegram, plane].map(actorName)).toEqual([
      'buyer',
      'user:ann@example.com',
      'operator:ann@example.com',
      'telegram:42',
      'plane',
    ]);
  });

  it('has to be of one of the kinds that may', () => {
    expect(() => assertActor(operator, ['operator'])).not.toThrow();
    expect(() => assertActor(telegram, ['operator', 'telegram'])).not.toThrow();
    for (const actor of [agent, user, telegram, plane]) {
      expect(() => assertActor(actor, ['operator'])).toThrow(
        expect.objectContaining({ code: 'forbidden', message: 'only operator may do this' }),
      );
    }
    expect(() => assertActor(agent, ['operator', 'user'])).toThrow('only operator or user may do this');
    expect(() => assertActor(operator, [])).toThrow();
  });
});

describe('where a request came from', () => {
  const from = { ip: '127.0.0.1', userAgent: null, requestId: null };

  it('is told to the database, with the session of a person and the task', () => {
    expect(auditContext({ ...from, actor: agent })).toEqual({
      agent_id: 'buyer',
      ip: '127.0.0.1',
      user_agent: null,
      request_id: null,
      source: 'http',
    });
    expect(
      auditContext({ ...from, actor: operator, requestId: 'r', taskId: 't', userAgent: 'curl' }),
    ).toEqual({
      agent_id: operator.id,
      ip: '127.0.0.1',
      user_agent: 'curl',
      request_id: 'r',
      task_id: 't',
      session_id: '0b0e3c1e-6a55-4a0c-9a39-6a1f1b1f0c11',
      source: 'http',
    });
    expect(auditContext({ ...from, actor: plane }).source).toBe('plane');
    expect(auditContext({ ...from, actor: user })).not.toHaveProperty('session_id');
  });

  it('is written into the audit log, where nothing is said as well', () => {
    expect(auditOrigin({ ...from, actor: agent })).toEqual({
      ip_address: '127.0.0.1',
      user_agent: 'none',
      request_id: 'none',
    });
    expect(auditOrigin({ actor: agent, ip: '::1', userAgent: 'curl', requestId: 'r' })).toEqual({
      ip_address: '::1',
      user_agent: 'curl',
      request_id: 'r',
    });
  });
});
