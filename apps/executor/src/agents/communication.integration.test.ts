import { startResend, type ResendServer } from '@actp/testing/resend/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommunication, type CommunicationDeps } from './communication.ts';
import { planTask } from './run-context.fixture.ts';

type FaultInput = Parameters<ResendServer['faults']['add']>[0];

let resend: ResendServer;
beforeEach(async () => {
  resend = await startResend({ apiKey: 're_test' });
});
afterEach(() => resend.stop());

const input = { to: 'Ann@example.org', subject: 'Lunch', text: 'See you\nat noon' };
const agent = (deps: Partial<CommunicationDeps> = {}) =>
  createCommunication({
    apiKey: 're_test',
    from: 'Plane <plane@example.com>',
    baseUrl: resend.url,
    ...deps,
  });

describe('the communication agent', () => {
  it('shows the whole mail, and then sends exactly that', async () => {
    const task = await planTask(agent(), input);
    expect(task.cost.atMostMinor).toBe(0);
    expect(task.effects).toEqual([
      {
        kind: 'email',
        action: 'email.send',
        details: { ...input, from: 'Plane <plane@example.com>' },
        meaning: { to: 'ann@example.org', content: { subject: 'Lunch', text: 'See you\nat noon' } },
      },
    ]);
    expect(Object.keys(task.effects[0]?.details ?? {})).toEqual(['to', 'subject', 'text', 'from']);
    expect(resend.log.requests).toHaveLength(0);

    const { result, costMinor } = await task.run();
    expect(result).toEqual({
      sent: true,
      email_id: resend.emails[0]?.id,
      to: 'Ann@example.org',
      subject: 'Lunch',
    });
    expect(costMinor).toBe(0);
    expect(resend.emails).toMatchObject([
      { from: 'Plane <plane@example.com>', to: ['Ann@example.org'], subject: 'Lunch', text: input.text },
    ]);
  });

  it('[EFF-001] asks no more with a key that the service may be about to forget', async () => {
    const task = await planTask(agent(), input);
    let kept = 0;
    await task.run({
      async perform(_place, { keyKeptSeconds }) {
        kept = keyKeptSeconds;
        return { state: 'done', reference: '' };
      },
    });
    expect(kept).toBe(23 * 3_600);
  });

  it.each([
    ['ann@xn--exmple-4nf.org', 'ex\u0430mple.org', /mixes letters of several scripts/],
    ['ann@mail.XN--80ak6aa92e.com', 'mail.\u0430\u0440\u0440\u04CF\u0435.com', /may only look like/],
    ['ann@xn--bcher-kva.example', 'b\u00FCcher.example', /may only look like/],
    ['ann@example.xn--p1ai', 'example.\u0440\u0444', /may only look like/],
  ])('shows what the domain of %s looks like, with a warning', async (to, shown, warning) => {
    const { effects } = await planTask(agent(), { ...input, to });
    expect(effects[0]?.details).toMatchObject({
      to,
      to_domain_shown: shown,
      to_domain_warning: expect.stringMatching(warning) as string,
    });
  });

  it('[EFF-001] sends one mail, however often it is run', async () => {
    const task = await planTask(agent(), input);
    const first = await task.run();
    expect(await task.run()).toEqual(first);
    // Planned a second time, with the same key.
    expect(await (await planTask(agent(), input)).run()).toEqual(first);
    expect(resend.log.countByKey()).toEqual(new Map([['actp-key-1', 1]]));
  });

  it('sends from whom it was approved, also when the setting has changed', async () => {
    const task = await planTask(agent(), input);
    await task.run({ facts: { from: 'Other <other@example.com>' } });
    expect(resend.emails[0]?.from).toBe('Other <other@example.com>');
  });

  it.each<[FaultInput[], string | undefined, number]>([
    [[{ kind: 'accept_then_timeout', ms: 0 }, { kind: '5xx_after_effect' }], undefined, 1],
    [[{ kind: '5xx_before_effect' }, { kind: 'reset_mid_body' }], undefined, 1],
    [[{ kind: '429', retryAfterSeconds: 0 }, { kind: 'truncated_json' }], undefined, 1],
    [[{ kind: 'wrong_content_type' }, { kind: 'key_conflict_409' }], undefined, 1],
    [[{ kind: 'huge_body', bytes: 1_000_000 }, { kind: 'duplicate_delivery' }], undefined, 1],
    [[{ kind: 'quota_day' }], 'effect_not_done', 0],
    [[{ kind: 'quota_month' }], 'effect_not_done', 0],
    // It was sent, and nobody has heard so: never "not done".
    [[{ kind: 'accept_then_timeout', ms: 0 }, { kind: 'quota_day' }], 'effect_unknown', 1],
    [[{ kind: '5xx_after_effect', times: 'always' }], 'effect_unknown', 1],
    [[{ kind: '5xx_before_effect', times: 'always' }], 'effect_unknown', 0],
  ])('[EFF-001] sends one mail or none through %j', async (faults, code, sent) => {
    resend.faults.add(...faults);
    const run = (await planTask(agent(), input)).run();
    if (code === undefined) await run;
    else await expect(run).rejects.toMatchObject({ code });
    expect(resend.log.effectsWithKey('actp-key-1')).toHaveLength(sent);
  });

  it.each([
    [{ apiKey: undefined }, 'RESEND_API_KEY'],
    [{ from: undefined }, 'RESEND_FROM'],
    [{ from: 'nobody' }, 'RESEND_FROM'],
    [{ from: 'A <a@example.com>\r\nBcc: b@example.com' }, 'RESEND_FROM'],
  ])('says which setting is missing: %j', async (deps, setting) => {
    await expect(planTask(agent(deps), input)).rejects.toMatchObject({
      code: 'not_configured',
      message: expect.stringContaining(setting) as string,
    });
  });

  it.each([
    { ...input, to: 'ann@example.org, bob@example.org' },
    { ...input, to: 'ann@example.org\nBcc: bob@example.org' },
    { ...input, subject: 'a\nb' },
    { ...input, text: '' },
    { ...input, cc: 'bob@example.org' },
    { ...input, to: 'ann@127.0.0.1' },
    { ...input, to: 'ann@xn--zzzzzz.org' },
    { ...input, subject: 'a\u202Eb' },
    { ...input, text: 'a\u200Bb' },
    { to: input.to },
  ])('does not take %j', (bad) => expect(agent().input.safeParse(bad).success).toBe(false));
});
