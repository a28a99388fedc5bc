import { describe, expect, it } from 'vitest';
import { maxMessageLength } from './message-length.ts';
import { renderCard, renderOutcome } from './card.ts';
import { facts, seen } from './card.fixture.ts';

const text = (details: object, over = {}) => seen(renderCard(facts(JSON.stringify(details), over)).text);

describe('the card of an approval', () => {
  it('says what, who, every detail, when it expires, and what silence means', () => {
    expect(text({ recipients: 25, amount_usd: 1234.5 })).toBe(
      [
        '🔔 Approval required',
        'Action: “dm.bulk_send”',
        'Requested by: “agent-1”',
        '',
        'Details:',
        '▪ amount_usd: 1,234.50 USD',
        '▪ recipients: 25',
        '',
        'Expires: in 3 h 59 min, at 2026-11-02 17:00 UTC',
        'No answer = rejected.',
        'a1b2c3d4 · digest 0123456789ab',
      ].join('\n'),
    );
  });

  it('[TRU-004] names the agent that really asked, and whom it says it asks for', () => {
    const card = text({}, { agent_id: 'agent-1', requested_by: 'The CFO' });
    expect(card).toContain('\nRequested by: “agent-1”\nOn behalf of: “The CFO” (not verified)\n');
  });

  it('[TRU-004] says what another program has inserted, in whatever name', () => {
    const card = text({}, { agent_id: 'telegram:42', requested_by: 'telegram:42', source: 'direct' });
    expect(card).toContain('\nRequested by: “telegram:42” (inserted by another program, not verified)\n');
  });

  it("names the operator's own time beside UTC", () => {
    const { text: html } = renderCard({ ...facts('{}'), timeZone: 'Asia/Kolkata' });
    expect(seen(html)).toContain('at 2026-11-02 22:30 Asia/Kolkata (2026-11-02 17:00 UTC)');
  });

  it("marks the reason as the agent's words, line by line", () => {
    expect(text({}, { reason: '' })).not.toContain('Reason');
    expect(text({}, { reason: 'The boss wants it.\nExpires: never' })).toContain(
      '\n▪ (none)\n\nReason given by the requester (not verified):\n│ The boss wants it.\n│ Expires: never\n',
    );
  });

  it('says how many people have to approve, and that something critical has to be confirmed', () => {
    const card = text({}, { critical: true, approvers: 2, approvals: 1 });
    expect(card).toMatch(/^‼️ CRITICAL: approval required\n/);
    expect(card).toContain('Approvals: 1 of 2, each by a different person');
    expect(card).toContain('Approving takes a second press by the same person.');
  });

  it('hides secrets and says so', () => {
    const card = text({ api_key: 'hunter2hunter2', note: `use sk-${'a'.repeat(40)}`, plain: 'x' });
    expect(card).not.toContain('hunter2');
    expect(card).not.toContain('aaaaaaaa');
    expect(card).toContain('⚠️ 2 values look like secrets and are redacted here.');
    expect(text({ reason: 'x' }, { reason: 'password=hunter2hunter2' })).toContain(
      '⚠️ 1 value looks like a secret',
    );
    expect(text({ plain: 'x' })).not.toContain('⚠️');
  });
});

describe('a payload that does not fit into one message', () => {
  const parts = (details: object) => {
    const card = renderCard(facts(JSON.stringify(details)));
    return { ...card, text: seen(card.text), parts: card.parts.map(seen) };
  };

  it('comes whole in messages before the one with the buttons', () => {
    const words = Array.from({ length: 1_500 }, (_, index) => `word${index}`).join(' ');
    const card = parts({ body: words, amount_usd: 5 });
    expect(card.approvable).toBe(true);
    expect(card.parts.length).toBeGreaterThan(2);
    expect(card.parts[0]).toMatch(/^📄 a1b2c3d4, part 1 of \d+\n/);
    for (const part of card.parts) expect(part.length).toBeLessThanOrEqual(maxMessageLength);
    const barred = card.parts.flatMap((part) => part.split('\n')).filter((line) => line.startsWith('│ '));
    expect(
      barred
        .map((line) => line.slice(2))
        .join('')
        .replaceAll('␣', ' '),
    ).toBe(words);
    expect(card.parts.join('\n')).toContain('▪ amount_usd: 5.00 USD');
    expect(card.text).toContain(`Details: in the ${card.parts.length} messages before this one.`);
    expect(card.text).toContain('No answer = rejected.');
  });

  it('comes in one message before where that holds it', () => {
    const card = parts({ body: 'x'.repeat(3_700) });
    expect(card.parts).toHaveLength(1);
    expect(card.parts[0]).toMatch(/^📄 a1b2c3d4, part 1 of 1\n/);
    expect(card.text).toContain('Details: in the message before this one.');
  });

  it('comes in ten messages at most', () => {
    const partsOf = (rows: number) => {
      const list = Array.from({ length: rows }, () => 'x'.repeat(890));
      return parts({ list });
    };
    // Four rows of 902 characters and their labels in each.
    const most = partsOf(39);
    expect([most.parts.length, most.approvable]).toEqual([10, true]);
    const tooMany = partsOf(41);
    expect([tooMany.parts.length, tooMany.approvable]).toEqual([0, false]);
  });

  it('is never cut, whatever its length: at the edge of a message it is all in one or all in others', () => {
    for (let length = 2_900; length < 4_200; length += 7) {
      const value = 'a&<😀'.repeat(length / 5);
      const card = parts({ value });
      const all = [...card.parts, card.text];
      for (const message of all) expect(message.length).toBeLessThanOrEqual(maxMessageLength);
      const shown = all.flatMap((message) => message.split('\n')).filter((line) => line.startsWith('│ '));
      expect(shown.map((line) => line.slice(2)).join('')).toBe(value);
    }
  });

  it('is not offered for approval when it needs more messages than a person reads, and says where to decide', () => {
    const card = parts({ list: Array.from({ length: 20_000 }, (_, index) => index) });
    expect(card).toMatchObject({ approvable: false, parts: [] });
    expect(card.text).toContain('Too large to show here, so it cannot be approved here.');
    expect(card.text).toContain(
      [
        '⚠️ Too large to show here, so it cannot be approved here.',
        'Read the full request and decide with',
        'POST /v1/approvals/a1b2c3d4-0000-4000-8000-00000000000f/decision',
        `and the digest ${'0123456789abcdef'.repeat(4)}`,
      ].join('\n'),
    );
    expect(card.text).toContain('No answer = rejected.');
  });

  it('says that it has no digest when another program has inserted it without one', () => {
    const list = Array.from({ length: 20_000 }, (_, index) => index);
    const { text: html } = renderCard(facts(JSON.stringify({ list }), { action_digest: null }));
    expect(seen(html)).toContain('and the digest none\n');
    expect(seen(html)).toMatch(/a1b2c3d4 · digest none$/);
  });

  it('is not offered for approval when it is nested deeper than can be shown', () => {
    const deep = `{"a":${'['.repeat(200)}1${']'.repeat(200)}}`;
    expect(renderCard(facts(deep)).approvable).toBe(false);
  });
});

describe('the card of an approval that is over', () => {
  const decided = { decided_by: 'telegram:42', decided_at: '2026-11-02T14:00:00.000Z' };
  const over = (what: object, details = '{"recipients":25}') => seen(renderOutcome(facts(details, what)));

  it.each<[string, object, string]>([
    [
      'rejected',
      { status: 'rejected', ...decided },
      '❌ Rejected by telegram:42 at 2026-11-02 14:00 UTC\n\n',
    ],
    ['expired', { status: 'expired' }, '⌛ Expired without a decision (counts as rejected)\n'],
    ['cancelled', { status: 'cancelled' }, '🚫 Cancelled\n'],
    [
      'approved',
      { status: 'approved', ...decided, grant_expires_at: '2026-11-02T14:10:00.000Z' },
      '✅ Approved by telegram:42 at 2026-11-02 14:00 UTC\nValid until 2026-11-02 14:10 UTC.\n',
    ],
    [
      'lapsed',
      { status: 'approved', ...decided, lapsed_at: '2026-11-02T14:10:00.000Z' },
      '✅ Approved by telegram:42 at 2026-11-02 14:00 UTC\nNever used: the permission has lapsed.\n',
    ],
    [
      'failed',
      {
        status: 'approved',
        ...decided,
        redeemed_at: '2026-11-02T14:01:00.000Z',
        outcome: 'failed',
        outcome_at: '2026-11-02T14:02:00.000Z',
      },
      '✅ Approved by telegram:42 at 2026-11-02 14:00 UTC\nUsed; FAILED at 2026-11-02 14:02 UTC.\n',
    ],
  ])('says %s, and still what it was about', (_state, what, start) => {
    const card = over(what);
    expect(card.startsWith(start)).toBe(true);
    expect(card).toContain('Action: “dm.bulk_send”');
    expect(card).toContain('▪ recipients: 25');
    expect(card).not.toContain('No answer');
  });

  it('is without its details where one message does not hold them', () => {
    const card = over({ status: 'rejected', ...decided }, JSON.stringify({ body: 'x'.repeat(5_000) }));
    expect(card).not.toContain('Details');
    expect(card).toMatch(/\nRequested by: “agent-1”\na1b2c3d4 · digest 0123456789ab$/);
  });

  it('fits into one message even when its details do not, and shows no hidden character of a remark', () => {
    const long = JSON.stringify({ body: 'x'.repeat(50_000) });
    const remark = { status: 'rejected', ...decided, decision_reason: `no\u202E ${'y'.repeat(1_900)}` };
    const card = over(remark, long);
    expect(card.length).toBeLessThanOrEqual(maxMessageLength);
    expect(card).toContain('Comment: no⟦U+202E⟧ yyy');
    expect(card).toContain('a1b2c3d4 · digest');
  });

  it('keeps the details of every card that was one message', () => {
    for (let length = 2_000; length < 4_000; length += 13) {
      const details = JSON.stringify({ value: 'v'.repeat(length) });
      if (renderCard(facts(details)).parts.length > 0) continue;
      const remark = { status: 'rejected', ...decided, decision_reason: 'r'.repeat(2_000) };
      expect(over(remark, details)).toContain('▪ value: text of');
    }
  });
});
