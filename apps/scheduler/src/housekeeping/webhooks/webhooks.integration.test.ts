import { isSignedBy, webhookHeaders } from '@actp/shared/standard-webhooks';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openHousekeeping } from '../housekeeping.fixture.ts';
import { openReceiver, type Received } from './receiver.fixture.ts';

const plane = await openHousekeeping();
const secret = `whsec_${Buffer.from('a key of callbacks in tests, 32 b').toString('base64')}`;

const settingsFor = (...origins: string[]) => ({ CALLBACK_ORIGINS: origins, CALLBACK_SECRET: secret });

function message({ body }: Received): { type: string; timestamp: string; approval: Record<string, unknown> } {
  return JSON.parse(body) as ReturnType<typeof message>;
}

async function callbacksOf(id: string) {
  const { rows } = await plane.sql.query<{
    version: number;
    state: string;
    attempts: number;
    last_error: string | null;
    next_in: number;
  }>(
    `select version, state, attempts, last_error,
       extract(epoch from next_attempt_at - clock_timestamp())::float as next_in
     from actp_approval_callbacks where approval_id = $1 order by version`,
    [id],
  );
  return rows;
}

/** What the clock would do: the next attempt is due now. */
async function makeDue(id: string): Promise<void> {
  await plane.sql.query(
    'update actp_approval_callbacks set next_attempt_at = clock_timestamp() where approval_id = $1',
    [id],
  );
}

describe('a callback', () => {
  it('tells of the decision and of everything after it, in order, signed as Standard Webhooks', async () => {
    const receiver = await openReceiver();
    await plane.start(settingsFor(receiver.origin));
    const id = await plane.request({ callback_url: `${receiver.origin}/hook?x=1` });
    await plane.decide(id, 'approved');
    await eventually(() => receiver.received.length === 1);
    await plane.redeem(id);
    await plane.report(id, 'succeeded');
    await eventually(() => receiver.received.length === 3);
    const types = receiver.received.map((one) => message(one).type);
    expect(types).toEqual(['approval.approved', 'approval.redeemed', 'approval.succeeded']);
    const [first] = receiver.received;
    if (!first) throw new Error('it was received');
    expect(first.path).toBe('/hook?x=1');
    expect(message(first).approval).toEqual(
      JSON.parse(JSON.stringify({ ...(await plane.read(id)), ...pickChanging(first) })),
    );
    const timestamp = Number(first.headers['webhook-timestamp']);
    expect(Math.abs(timestamp - Date.now() / 1_000)).toBeLessThan(300);
    expect(first.headers).toMatchObject({
      'content-type': 'application/json',
      ...webhookHeaders(secret, { id: `approval-${id}-2`, timestamp, content: first.body }),
    });
    // That the last one was taken is written down after it was.
    await eventually(async () => (await callbacksOf(id)).every(({ state }) => state === 'delivered'));
    expect((await callbacksOf(id)).map(({ version }) => version)).toEqual([2, 3, 4]);
  });

  it('is signed with the secret of before as well, while it is rotated', async () => {
    const receiver = await openReceiver();
    const before = `whsec_${Buffer.from('the key of callbacks of before, 32').toString('base64')}`;
    await plane.start({ ...settingsFor(receiver.origin), CALLBACK_SECRET_PREVIOUS: before });
    const id = await plane.request({ callback_url: receiver.origin });
    await plane.decide(id, 'rejected');
    const { body, headers } = await eventually(() => receiver.received[0] ?? false);
    const signed = {
      id: String(headers['webhook-id']),
      timestamp: Number(headers['webhook-timestamp']),
      content: body,
    };
    for (const one of [secret, before])
      expect(isSignedBy(one, signed, String(headers['webhook-signature']))).toBe(true);
  });

  // What has changed between that message and now.
  function pickChanging(received: Received) {
    const { version, redeemed_at, outcome, outcome_at } = message(received).approval;
    return { version, redeemed_at, outcome, outcome_at };
  }

  it.each(['expired', 'cancelled', 'rejected'])('tells that an approval was %s', async (end) => {
    const receiver = await openReceiver();
    await plane.start(settingsFor(receiver.origin));
    const id = await plane.request({ callback_url: receiver.origin, ttl_seconds: 60 });
    if (end === 'expired') await plane.elapse(id, 61);
    else if (end === 'cancelled') await plane.cancel(id);
    else await plane.decide(id, 'rejected');
    await eventually(() => receiver.received.length === 1);
    expect(receiver.received.map(message)[0]).toMatchObject({
      type: `approval.${end}`,
      approval: { id, status: end },
    });
  });

  it('is repeated with the same id until it is taken, ever more slowly', async () => {
    const receiver = await openReceiver();
    receiver.answers.push(
      (response) => response.writeHead(500).end('not now'),
      (response) => response.destroy(),
      (response) => response.writeHead(302, { location: `${receiver.origin}/elsewhere` }).end(),
    );
    await plane.start(settingsFor(receiver.origin));
    const id = await plane.request({ callback_url: receiver.origin });
    await plane.decide(id, 'approved');
    for (const [attempt, error, pause] of [
      [1, 'HTTP 500', 5],
      [2, 'UND_ERR_SOCKET', 25],
      [3, 'HTTP 302', 90],
    ] as const) {
      const [row] = await eventually(async () => {
        const rows = await callbacksOf(id);
        return rows[0]?.attempts === attempt && rows[0].last_error === error && rows;
      });
      expect(row?.state).toBe('waiting');
      expect(row?.next_in).toBeLessThanOrEqual(pause);
      expect(row?.next_in).toBeGreaterThan(pause - 5);
      await makeDue(id);
    }
    await eventually(async () => (await callbacksOf(id))[0]?.state === 'delivered');
    // No redirect was followed.
    expect(receiver.received.map(({ path }) => path)).toEqual(['/', '/', '/', '/']);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('is given up when nobody wants it, after a day, and where it may not go any more', async () => {
    const receiver = await openReceiver();
    receiver.answers.push((response) => response.writeHead(410).end());
    await plane.start(settingsFor(receiver.origin));
    const unwanted = await plane.request({ callback_url: receiver.origin });
    await plane.decide(unwanted, 'approved');
    await eventually(async () => (await callbacksOf(unwanted))[0]?.state === 'given_up');

    receiver.answers.push((response) => response.writeHead(503).end());
    const old = await plane.request({ callback_url: receiver.origin });
    await plane.sql.query('alter table actp_approval_callbacks alter column attempts set default 9');
    await plane.decide(old, 'approved');
    await plane.sql.query('alter table actp_approval_callbacks alter column attempts set default 0');
    await eventually(async () => (await callbacksOf(old))[0]?.state === 'given_up');

    for (const callback_url of [
      'http://127.0.0.1:9/x',
      'ftp://127.0.0.1/x',
      'not a url',
      `${receiver.origin}0/`,
      receiver.origin.replace('//', '//user:word@'),
      receiver.origin.replace('//', '//@'),
      receiver.origin.replace('//', '/\\'),
      ` ${receiver.origin}/`,
    ]) {
      const id = await plane.request({ callback_url });
      await plane.decide(id, 'approved');
      const [row] = await eventually(async () => {
        const rows = await callbacksOf(id);
        return rows[0]?.state === 'given_up' && rows;
      });
      expect(row?.last_error).toBe('not on one of CALLBACK_ORIGINS');
    }
    expect(receiver.received).toHaveLength(2);
  });

  it('that hangs holds up neither a card nor another callback', async () => {
    const [slow, quick] = await Promise.all([openReceiver(), openReceiver()]);
    const hung: ServerResponse[] = [];
    slow.answers.push((response) => void hung.push(response));
    await plane.start(settingsFor(slow.origin, quick.origin));
    const hanging = await plane.request({ callback_url: slow.origin });
    const told = await plane.request({ callback_url: quick.origin });
    await Promise.all([plane.decide(hanging, 'rejected'), plane.decide(told, 'rejected')]);
    await eventually(() => slow.received.length === 1 && quick.received.length === 1);
    const next = await plane.request({ ttl_seconds: 60 });
    await plane.elapse(next, 61);
    await eventually(async () => (await plane.audit(next)).includes('approval.expire'));
    expect((await callbacksOf(hanging))[0]?.state).toBe('waiting');
    for (const response of hung) response.end();
  });

  it('comes by its job, and while Redis is away without one', async () => {
    const receiver = await openReceiver();
    const id = await plane.request({ callback_url: receiver.origin });
    await plane.decide(id, 'approved');
    // The sweep has its first turn before the callback is due, and no other.
    await plane.sql.query(
      `update actp_approval_callbacks set next_attempt_at = clock_timestamp() + interval '1 hour'`,
    );
    await plane.start(settingsFor(receiver.origin), { sweepMs: 600_000 });
    await eventually(
      async () => (await plane.producer.use('approval', (queue) => queue.getWorkersCount())) > 0,
    );
    await makeDue(id);
    await plane.producer.add('sync-approval', { approval_id: id });
    await eventually(() => receiver.received.length === 1);

    const alone = await plane.request({ callback_url: receiver.origin });
    await plane.decide(alone, 'approved');
    await plane.start({ ...settingsFor(receiver.origin), REDIS_URL: 'redis://127.0.0.1:1' });
    await eventually(async () => (await callbacksOf(alone))[0]?.state === 'delivered');
  });

  it('is delivered once by several bots', async () => {
    const receiver = await openReceiver();
    const start = () => plane.start(settingsFor(receiver.origin));
    await Promise.all([start(), start(), start(), start()]);
    const ids = await Promise.all(
      Array.from({ length: 20 }, () => plane.request({ callback_url: receiver.origin })),
    );
    await Promise.all(ids.map((id) => plane.decide(id, 'approved')));
    for (const id of ids) await eventually(async () => (await callbacksOf(id))[0]?.state === 'delivered');
    expect(receiver.received).toHaveLength(ids.length);
  });
});
