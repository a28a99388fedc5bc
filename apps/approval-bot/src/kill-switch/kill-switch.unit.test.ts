import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { switchReplyText } from './reply-texts.ts';
import { readSwitchButton, writeSwitchButton } from './button.ts';
import { readStopCommand } from './stop-command.ts';

describe('/stop', () => {
  it.each([
    ['', 'all', undefined],
    [' it runs  away ', 'all', 'it runs  away'],
    ['all', 'all', undefined],
    ['ALL it runs away', 'all', 'it runs away'],
    ['agent:Ads buys too much', 'agent:ads', 'buys too much'],
    ['action:email.*\nwrong text', 'action:email.*', 'wrong text'],
    ['email.* is wrong', 'all', 'email.* is wrong'],
  ])('%j is about %s', (text, scope, reason) =>
    expect(readStopCommand(text)).toEqual({ ok: true, scope, reason }),
  );

  it('keeps no secret that somebody takes for an agent', () => {
    const token = `gh${'p'}_${'Ab1'.repeat(12)}`;
    expect(readStopCommand(`agent:${token} leaks`)).toMatchObject({
      ok: true,
      scope: expect.stringMatching(/^agent:\[redacted/),
      reason: 'leaks',
    });
  });

  it.each(['agent:', 'agent:*', 'action:', 'action:\u0430ds', 'Action:a?b'])('%j is refused', (text) =>
    expect(readStopCommand(text)).toEqual({ ok: false, problem: expect.stringContaining('must') }),
  );
});

describe('a button', () => {
  it('reads back, and nothing that we cannot have written is read', () => {
    const button = { id: randomUUID(), confirmed: true };
    const data = writeSwitchButton(button);
    expect(data.length).toBeLessThanOrEqual(64);
    expect(readSwitchButton(data)).toEqual(button);
    expect(readSwitchButton(writeSwitchButton({ ...button, confirmed: false }))?.confirmed).toBe(false);
    for (const bad of [
      undefined,
      '',
      'ky',
      `${data}A`,
      data.slice(0, -1),
      `kx${data.slice(2)}`,
      data.slice(1),
    ]) {
      expect(readSwitchButton(bad)).toBeUndefined();
    }
  });

  it('is answered within what Telegram shows', () => {
    const scope = `agent:${'x'.repeat(128)}`;
    for (const result of ['set', 'known', 'lifted', 'not_found', 'dismissed', 'refused'] as const) {
      expect(switchReplyText({ result, scope }).length).toBeLessThanOrEqual(200);
    }
  });
});
