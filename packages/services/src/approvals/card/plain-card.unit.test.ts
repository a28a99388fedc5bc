import { describe, expect, it } from 'vitest';
import { renderCard, renderOutcome, renderPlainCard, renderPlainOutcome } from './card.ts';
import { facts, seen } from './card.fixture.ts';

const escape = '\u001b';
const details = JSON.stringify({ to: `a<b>&"c ${escape}[2J\u009b31m\u0007\u202e`, amount_usd: 12 });

describe('the card of an approval as plain text', () => {
  it('is what a card in Telegram shows', () => {
    const html = renderCard(facts(details)).text;
    expect(renderPlainCard(facts(details))).toEqual({ text: seen(html), approvable: true });
    const over = { status: 'rejected', decided_by: 'telegram:7' } as const;
    expect(renderPlainOutcome(facts(details, over))).toBe(seen(renderOutcome(facts(details, over))));
  });

  it('moves no cursor and hides nothing', () => {
    const { text } = renderPlainCard(
      facts(details, { requested_by: `x${escape}]0;y\u0007`, reason: `r\r${escape}[1A` }),
    );
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
    expect(text).toContain('⟦U+001B⟧[2J⟦U+009B⟧31m⟦U+0007⟧⟦U+202E⟧');
  });

  it('wants the id typed for what is critical, and says how many must agree', () => {
    const { text } = renderPlainCard(facts('{}', { critical: true, approvers: 2, approvals: 1 }));
    expect(text).toContain('\nApproving takes the short id, typed.\n');
    expect(text).toContain('\nApprovals: 1 of 2, each by a different person\n');
  });

  it('shows in one piece what takes several messages in Telegram', () => {
    const long = facts(JSON.stringify({ body: 'word '.repeat(2_000) }));
    expect(renderCard(long).parts.length).toBeGreaterThan(1);
    const { text, approvable } = renderPlainCard(long);
    expect(approvable).toBe(true);
    expect(text.replaceAll(/\n│ /g, '').match(/word/g)).toHaveLength(2_000);
  });

  it.each([
    ['what is withheld', JSON.stringify({ password: 'Pay90000ToBob!' }), 'Not all of it can be shown here'],
    ['what is too large', JSON.stringify({ body: 'some words '.repeat(5_000) }), 'Too large to show here'],
  ])('offers no approval of %s, as a card does not', (_what, given, why) => {
    expect(renderCard(facts(given)).approvable).toBe(false);
    const { text, approvable } = renderPlainCard(facts(given));
    expect(approvable).toBe(false);
    expect(text).toContain(`⚠️ ${why}, so it cannot be approved here.`);
  });

  it('says of what is over that it was too large', () => {
    const given = JSON.stringify({ body: 'some words '.repeat(5_000) });
    const text = renderPlainOutcome(facts(given, { status: 'rejected' }));
    expect(text).toMatch(/\nRequested by: “agent-1”\n\(too large to show here\)\n\na1b2c3d4/);
    expect(renderPlainCard(facts(given)).text).toMatch(/\nRequested by: “agent-1”\n\nExpires/);
  });
});
