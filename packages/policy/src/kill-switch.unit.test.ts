import { describe, expect, it } from 'vitest';
import { findKillSwitch, readScope } from './kill-switch.ts';

const scopeOf = (text: string) => {
  const read = readScope(text);
  return read.ok ? read.scope : undefined;
};

describe('a scope', () => {
  it.each([
    ['all', 'all'],
    [' ALL ', 'all'],
    ['agent:ads-agent', 'agent:ads-agent'],
    ['Agent: Ads-Agent', 'agent:ads-agent'],
    ['agent:a:b c', 'agent:a:b c'],
    ['action:email.*', 'action:email.*'],
    ['ACTION:Email.Send', 'action:email.send'],
    ['action:\uFF45mail.send', 'action:email.send'],
    ['action:*', 'action:*'],
  ])('%j is %s', (text, scope) => expect(scopeOf(text)).toBe(scope));

  it.each([
    '',
    'everything',
    'agent',
    'agent:',
    'agent: ',
    'agent:*',
    `agent:${'a'.repeat(129)}`,
    'agent:a\u0000b',
    'action:',
    'action:a b',
    'action:\u0435mail.send',
    'action:.x',
    `action:${'a'.repeat(129)}`,
    'scope:all',
    'all,agent:x',
  ])('%j is none', (text) => expect(scopeOf(text)).toBeUndefined());

  it.each([
    [`agent:${'a'.repeat(128)}`, undefined],
    [`action:${'a'.repeat(128)}`, undefined],
    ['agent:', 'must name an agent of 1 to 128 characters after agent:'],
    [`agent:${'a'.repeat(129)}`, 'must name an agent of 1 to 128 characters after agent:'],
    ['agent:a\u0007', 'must name an agent of 1 to 128 characters after agent:'],
    ['agent:a*', 'must name one agent, without *; all stops everybody'],
    ['action:', 'must have an action name after action:, in which * stands for anything'],
    ['action:x a', 'must have an action name after action:, in which * stands for anything'],
    ['xagent:a', 'must be all, agent:<id> or action:<name or glob>'],
    ['agents:a', 'must be all, agent:<id> or action:<name or glob>'],
    ['everything', 'must be all, agent:<id> or action:<name or glob>'],
  ])('says what is wrong with it: %j', (text, problem) => {
    const read = readScope(text);
    expect(read.ok ? undefined : read.problem).toBe(problem);
  });

  it('is the oldest of those that cover, which come newest first', () => {
    const switches = [
      { scope: 'all', n: 3 },
      { scope: 'agent:worker', n: 2 },
      { scope: 'agent:other', n: 1 },
    ];
    expect(findKillSwitch(switches, { agent: 'worker', action: 'a' })).toEqual({
      scope: 'agent:worker',
      n: 2,
    });
    expect(findKillSwitch(switches, { agent: 'third', action: 'a' })).toEqual({ scope: 'all', n: 3 });
    expect(findKillSwitch([{ scope: 'agent:action:a' }], { agent: 'worker', action: 'a' })).toBeUndefined();
    expect(findKillSwitch([], { agent: 'worker', action: 'a' })).toBeUndefined();
  });

  it('covers what it names, and what has no normal form', () => {
    const covers = (scope: string, action: string, agent = 'worker') =>
      findKillSwitch([{ scope }], { agent, action }) !== undefined;
    expect(covers('all', 'x')).toBe(true);
    expect(covers('agent:worker', 'x', ' Worker')).toBe(true);
    expect(covers('agent:worker', 'x', 'worker-2')).toBe(false);
    expect(covers('action:email.*', 'EMAIL.send')).toBe(true);
    expect(covers('action:email.*', 'emails.send')).toBe(false);
    expect(covers('action:a_b', 'axb')).toBe(false);
    expect(covers('action:email.*', 'email:send')).toBe(true);
    expect(covers('action:dm.bulk_send', 'DM/bulk--send')).toBe(true);
    expect(covers('action:email.*', 'em\u0430il.send')).toBe(true);
  });
});
