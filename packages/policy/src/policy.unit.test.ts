import { describe, expect, it } from 'vitest';
import { matchesAction, normaliseAction } from './action-name.ts';
import { approvalRule, parsePolicy } from './policy.ts';

const text = `version: 1
tools: { allow: [research] }
gates:
  - { action: "email.*", approval: required }
  - { action: email.send_bulk, approval: required, critical: true }
  - { action: stripe.charge, when: "details.amount_usd > 100", approval: required, approvers: 2 }
defaults: { effect: allow }
`;

// Each line is nine times the one before.
const bomb = Array.from({ length: 8 }, (_, i) =>
  i === 0 ? 'l0: &l0 [x]' : `l${i}: &l${i} [${Array.from({ length: 9 }, () => `*l${i - 1}`).join(', ')}]`,
).join('\n');

describe('the policy file', () => {
  it('gives the policy and a version that changes with the text', () => {
    const one = parsePolicy(text);
    const two = parsePolicy(`${text}# a comment\n`);
    expect(one).toMatchObject({ ok: true, version: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(two.ok && one.ok && two.version !== one.version).toBe(true);
  });

  it.each<[string, string, number, string]>([
    ['unknown key', text.replace('approval: required }', 'approval: required, aproved: 1 }'), 4, 'gates.0'],
    ['wrong effect', text.replace('effect: allow', 'effect: maybe'), 7, 'defaults.effect'],
    ['other version', text.replace('version: 1', 'version: 2'), 1, 'version'],
    [
      'automatic approval',
      text.replace('"email.*", approval: required', '"email.*", approval: automatic'),
      4,
      'gates.0.approval',
    ],
    ['no approvers', text.replace('approvers: 2', 'approvers: 0'), 6, 'gates.2.approvers'],
    ['a key twice', `${text}version: 1\n`, 8, ''],
    ['not YAML', 'gates: [', 1, ''],
    ['an unknown alias', 'gates: *none', 1, ''],
    ['aliases that multiply', bomb, 1, ''],
  ])('names line and path: %s', (_why, bad, line, path) => {
    const parsed = parsePolicy(bad);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.problems[0]).toMatchObject({ line, path });
  });

  it('asks for the strictest of what covers an action', () => {
    const parsed = parsePolicy(text);
    if (!parsed.ok) throw new Error('valid');
    expect(approvalRule(parsed.policy, 'email.send_bulk')).toEqual({ critical: true, approvers: 1 });
    expect(approvalRule(parsed.policy, 'stripe.charge')).toEqual({ critical: false, approvers: 2 });
    expect(approvalRule(parsed.policy, 'other')).toEqual({ critical: false, approvers: 1 });
  });

  it.each([
    ['in this order', (gates: string[]) => gates],
    ['in the other order', (gates: string[]) => gates.toReversed()],
  ])('takes approvers and critical from whichever of several gates asks for most, %s', (_order, arrange) => {
    const gates = arrange([
      '  - { action: ads.deploy, approval: required, approvers: 2 }',
      '  - { action: "ads.*", approval: required, approvers: 3 }',
      '  - { action: "*", approval: required, critical: true }',
      '  - { action: dm.send, approval: required, approvers: 4 }',
    ]);
    const parsed = parsePolicy(
      `version: 1\ntools: { allow: [research] }\ngates:\n${gates.join('\n')}\ndefaults: { effect: allow }\n`,
    );
    if (!parsed.ok) throw new Error('valid');
    expect(approvalRule(parsed.policy, 'ads.deploy')).toEqual({ critical: true, approvers: 3 });
    expect(approvalRule(parsed.policy, 'ads.pause')).toEqual({ critical: true, approvers: 3 });
    expect(approvalRule(parsed.policy, 'dm.send')).toEqual({ critical: true, approvers: 4 });
    expect(approvalRule(parsed.policy, 'other')).toEqual({ critical: true, approvers: 1 });
  });
});

describe('action names', () => {
  it.each([
    ['ads.deploy', 'ads.deploy'],
    ['  ADS.Deploy ', 'ads.deploy'],
    ['ａｄｓ．ｄｅｐｌｏｙ', 'ads.deploy'],
  ])('%j is %s', (name, normal) => expect(normaliseAction(name)).toBe(normal));

  it.each([
    '',
    ' ',
    'аds.deploy',
    'ads\u200b.deploy',
    'ads.\u202edeploy',
    'ads deploy',
    '-x',
    'ads.deploy.',
    'ads..deploy',
    'ads.deploy/',
    'a'.repeat(129),
    'a\nb',
    'a\0b',
  ])('%j is refused', (name) => expect(normaliseAction(name)).toBeUndefined());

  it.each<[string, string, boolean]>([
    ['email.*', 'email.send', true],
    ['email.*', 'email', false],
    ['email.*', 'xemail.send', false],
    ['*', 'anything', true],
    ['*.delete', 'db.delete', true],
    ['a*a', 'a', false],
    ['a*b*c', 'axxbxxc', true],
    ['a*b*c', 'axxc', false],
    ['a.b', 'axb', false],
    ['email.*', 'email:send', true],
    ['email.*', 'email/send', true],
    ['email.*', 'email-send', true],
    ['email.*', 'email_send', true],
    ['email.*', 'email::send', true],
    ['email.*', 'emailsend', false],
    ['email.*', 'emails.send', false],
    ['dm.bulk_send', 'dm.bulk.send', true],
    ['dm.bulk_send', 'dm__bulk-send', true],
    ['dm.bulk_send', 'dm.bulksend', false],
    ['mcp__server__*', 'mcp.server.tool', true],
    ['*:delete', 'db.delete', true],
  ])('%s covers %s: %s', (pattern, action, covered) => expect(matchesAction(pattern, action)).toBe(covered));
});
