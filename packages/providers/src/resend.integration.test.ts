import { startResend, type ResendServer } from '@actp/testing/resend/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EffectAnswer } from './effect-answer.ts';
import { createResend } from './resend.ts';

type FaultInput = Parameters<ResendServer['faults']['add']>[0];

let resend: ResendServer;
beforeEach(async () => {
  resend = await startResend({ apiKey: 're_test', verifiedDomains: ['example.com'] });
});
afterEach(() => resend.stop());

const mail = {
  from: 'Plane <plane@example.com>',
  to: 'ann@example.org',
  subject: 'Hello',
  text: 'First line\nsecond',
};
const send = (payload: unknown = mail, { key = 'key-1', apiKey = 're_test', timeoutMs = 60_000 } = {}) =>
  createResend({ apiKey, baseUrl: resend.url, timeoutMs }).sendEmail(
    payload,
    key,
    new AbortController().signal,
  );
const sent = (key = 'key-1') => resend.log.effectsWithKey(key).length;

describe('sending a mail', () => {
  it('sends it and answers with the id', async () => {
    const answer = await send();
    expect(answer).toMatchObject({ state: 'done', reference: resend.emails[0]?.id });
    expect(resend.emails).toMatchObject([
      { from: mail.from, to: [mail.to], subject: 'Hello', text: mail.text },
    ]);
    expect(resend.log.requests[0]?.headers['user-agent']).toBeTruthy();
  });

  it('sends it once for the same key, whatever the order of its fields', async () => {
    const first = await send();
    const { text, to, ...rest } = mail;
    expect(await send({ text, to, ...rest })).toEqual(first);
    expect(sent()).toBe(1);
  });

  it('does not know when the key was used for another mail, and does not ask again', async () => {
    await send();
    expect(await send({ ...mail, text: 'other' })).toMatchObject({ state: 'unknown', again: false });
    expect(sent()).toBe(1);
  });

  it('does not know while the same request is under way, and asks again', async () => {
    await resend.stop();
    resend = await startResend({ sendingMs: 200 });
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.map(({ state }) => state).toSorted()).toEqual(['done', 'unknown', 'unknown']);
    expect(answers.filter((answer) => answer.state === 'unknown').every(({ again }) => again)).toBe(true);
    expect(await send()).toMatchObject({ state: 'done' });
    expect(sent()).toBe(1);
  });

  // What one attempt answers, and how many mails have left by then.
  it.each<[FaultInput, EffectAnswer['state'], number]>([
    [{ kind: 'clean' }, 'done', 1],
    [{ kind: 'slow_answer', ms: 20 }, 'done', 1],
    [{ kind: 'accept_then_timeout', ms: 0 }, 'unknown', 1],
    [{ kind: 'accept_then_timeout', ms: 0, when: 'before' }, 'unknown', 0],
    [{ kind: '5xx_after_effect' }, 'unknown', 1],
    [{ kind: '5xx_after_effect', status: 502 }, 'unknown', 1],
    [{ kind: '5xx_before_effect' }, 'unknown', 0],
    [{ kind: 'reset_mid_body' }, 'unknown', 1],
    [{ kind: 'truncated_json' }, 'unknown', 1],
    [{ kind: '200_with_error_body' }, 'unknown', 0],
    [{ kind: '200_with_error_body', when: 'after' }, 'unknown', 1],
    [{ kind: '429' }, 'later', 0],
    [{ kind: '429', wait: 'none' }, 'later', 0],
    [{ kind: 'quota_day' }, 'not_done', 0],
    [{ kind: 'quota_month' }, 'not_done', 0],
    [{ kind: 'duplicate_delivery' }, 'done', 1],
    [{ kind: 'key_conflict_409' }, 'unknown', 0],
    [{ kind: 'key_conflict_409', when: 'after' }, 'unknown', 1],
    [{ kind: 'wrong_content_type' }, 'unknown', 1],
    [{ kind: 'wrong_content_type', status: 403 }, 'unknown', 1],
    [{ kind: 'huge_body' }, 'unknown', 1],
    [{ kind: 'gzip_bomb' }, 'unknown', 1],
    [{ kind: 'redirect_to_private_address' }, 'unknown', 1],
    [{ kind: 'redirect_to_private_address', when: 'before', status: 302 }, 'unknown', 0],
    [{ kind: 'clock_skew', ms: 3_600_000 }, 'done', 1],
  ])('[EFF-001] %j: %s, and one mail in the end', async (fault, state, effects) => {
    resend.faults.add(fault);
    const answer = await send();
    expect(answer.state).toBe(state);
    expect(sent()).toBe(effects);
    expect(resend.wasFollowed()).toBe(false);
    if (answer.state === 'unknown') expect(answer.again).toBe(true);
    if (answer.state === 'not_done') return;
    expect(await send()).toMatchObject({ state: 'done' });
    expect(sent()).toBe(1);
  });

  it('[EFF-001] does not know when no answer comes in time', async () => {
    resend.faults.add({ kind: 'accept_then_timeout' });
    expect(await send(mail, { timeoutMs: 300 })).toMatchObject({ state: 'unknown', again: true });
    expect(await send()).toMatchObject({ state: 'done' });
    expect(sent()).toBe(1);
  });

  it('[EFF-001] tells later when nothing could be sent', async () => {
    await resend.goAway();
    expect(await send()).toMatchObject({ state: 'later' });
    await resend.comeBack();
    expect(await send()).toMatchObject({ state: 'done' });
  });

  it('waits as long as it is told', async () => {
    resend.faults.add({ kind: '429', retryAfterSeconds: 9 });
    expect(await send()).toMatchObject({ state: 'later', afterMs: 9_000 });
  });

  it.each([
    ['a wrong key', mail, 're_wrong'],
    ['an unverified domain', { ...mail, from: 'plane@other.example' }, 're_test'],
  ])('is refused with %s, and says so without the key', async (_what, payload, apiKey) => {
    const answer = await send(payload, { apiKey });
    expect(answer).toMatchObject({
      state: 'not_done',
      reason: expect.stringMatching(/Resend refused the mail/) as string,
    });
    expect(JSON.stringify(answer)).not.toContain(apiKey);
    expect(resend.log.effects).toHaveLength(0);
  });

  it.each([
    { ...mail, to: 'ann@example.org, bob@example.org' },
    { ...mail, to: 'Ann <ann@example.org>' },
    { ...mail, to: 'ann@example.org\r\nBcc: bob@example.org' },
    { ...mail, subject: 'Hello\r\nBcc: bob@example.org' },
    { ...mail, from: 'plane@example.com\nBcc: bob@example.org' },
    { ...mail, text: '' },
    { ...mail, bcc: 'bob@example.org' },
    null,
  ])('never sends %j', async (payload) => {
    expect(await send(payload)).toMatchObject({ state: 'not_done' });
    expect(resend.log.requests).toHaveLength(0);
  });
});
