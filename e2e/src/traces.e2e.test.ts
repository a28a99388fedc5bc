import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { createOtlpReceiver, type OtlpReceiver } from '@actp/testing/otlp/receiver';
import { openStores, type Stores } from '@actp/testing/stores';
import { createTelegramServer, type TelegramServer } from '@actp/testing/telegram/server';
import { startApp } from './app-process.fixture.ts';
import { json, openGateway, operatorToken, type TestGateway } from './gateway-process.fixture.ts';

const botToken = '4242424242:token-of-the-traces-tests-000001';
const approver = 42;
const chat = -1001;
const caller = '00f067aa0ba902b7';
const attempts = 10;
const quietMs = 2_500;
const headerSecret = 'header-secret-of-the-traces-tests-0123';

let receiver: OtlpReceiver;
let telegram: TelegramServer;
let gateway: TestGateway;
let stores: Stores;
let webhooks: { url: string; headers: IncomingHttpHeaders[] };
const stops: Array<() => Promise<unknown>> = [];

beforeAll(async () => {
  stores = await openStores();
  receiver = await createOtlpReceiver();
  atEnd(receiver.close);
  telegram = await createTelegramServer({
    token: botToken,
    chats: [{ id: approver }, { id: chat, title: 'Alerts' }],
  });
  atEnd(telegram.stop);
  webhooks = await openWebhooks();
  const traces = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${headerSecret}`,
  };
  const session = {
    SESSION_SECRET: 'session-secret-of-the-tests-0123456789',
    TELEGRAM_CHAT_ID: String(chat),
  };
  const callbacks = {
    CALLBACK_ORIGINS: webhooks.url,
    CALLBACK_SECRET: `whsec_${Buffer.from('a secret of the traces tests, 32').toString('base64')}`,
  };
  gateway = await openGateway(stores, {
    settings: { ...traces, ...session, CALLBACK_ORIGINS: webhooks.url },
  });
  const bot = await startApp('approval-bot', stores, {
    ...traces,
    ...session,
    TELEGRAM_BOT_TOKEN: botToken,
    TELEGRAM_APPROVER_IDS: String(approver),
    TELEGRAM_API_ROOT: telegram.url,
  });
  const auditor = await startApp('auditor', stores, {
    ...traces,
    AUDIT_SIGNING_KEY: 'signing-key-of-the-traces-tests-01234',
  });
  const scheduler = await startApp('scheduler', stores, { ...traces, ...callbacks });
  stops.push(gateway.stop, bot.stop, scheduler.stop, auditor.stop);
});

async function openWebhooks() {
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    headers.push(request.headers);
    request.resume().on('end', () => response.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers };
}

const traceId = 'aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb';
const ofAgent = `00-${traceId}-00f067aa0ba902b7-01`;
const inTrace = () => receiver.spans.filter((span) => span.traceId === traceId);
const named = (name: string) => inTrace().find((span) => span.name === name);

describe('one approval', () => {
  it('[OPS-003] is one trace: HTTP, database, Telegram, the person, the queue and the webhook', async () => {
    const details = { recipients: 25, note: 'words of the agent' };
    const body = { action: 'dm.bulk_send', details, callback_url: `${webhooks.url}/hook?key=of-the-agent` };
    const asked = await gateway.fetch('/v1/approvals', json(body, { traceparent: ofAgent }));
    expect(asked.status).toBe(201);
    const { id } = (await asked.json()) as { id: string };
    const card = await telegram.waitForMessage({ chat_id: chat, text: 'dm.bulk_send' }, 240_000);
    await telegram.press({
      chat_id: chat,
      message_id: card.message_id,
      button: 1,
      from: approver,
      within: 240_000,
    });
    await eventually(() => webhooks.headers.length > 0);
    await eventually(() => named('approval decision') !== undefined && named('webhook') !== undefined);
    const http = await eventually(() => named('POST /v1/approvals'));
    const request = await eventually(() => named('db request_approval'));

    expect(http).toMatchObject({ service: 'gateway', kind: 'server', parentSpanId: '00f067aa0ba902b7' });
    expect(http.attributes).toMatchObject({
      'http.route': '/v1/approvals',
      'http.response.status_code': 201,
    });
    expect(request).toMatchObject({ service: 'gateway', kind: 'client', parentSpanId: http.spanId });
    const sent = await eventually(() => named('approval card send'));
    expect(sent).toMatchObject({ service: 'approval-bot', parentSpanId: request.spanId });
    expect(named('telegram sendMessage')).toMatchObject({
      service: 'approval-bot',
      kind: 'client',
      parentSpanId: sent.spanId,
    });
    const press = await eventually(() => named('approval press'));
    expect(press).toMatchObject({ service: 'approval-bot', parentSpanId: request.spanId });
    expect(named('db press_approval')).toMatchObject({ parentSpanId: press.spanId });
    // The press came in a trace of its own, which each can be found from.
    const update = receiver.spans.find(
      ({ name, spanId }) => name === 'telegram update' && spanId === press.links[0]?.spanId,
    );
    expect(update).toMatchObject({ service: 'approval-bot', kind: 'consumer', parentSpanId: '' });

    const { rows } = await stores.sql.query<{ ms: number }>(
      `select extract(epoch from decided_at - created_at)::double precision * 1000 as ms from actp_approval_queue where id = $1`,
      [id],
    );
    const decision = await eventually(() => named('approval decision'));
    expect(decision).toMatchObject({ parentSpanId: request.spanId });
    expect(decision.attributes).toMatchObject({
      'actp.approval_id': id,
      'actp.decision': 'approved',
      'actp.decided_in': 'telegram',
    });
    expect(Number(decision.end - decision.start) / 1e6).toBeCloseTo(rows[0]?.ms ?? -1, -1);

    const webhook = await eventually(() => named('webhook'));
    expect(webhook).toMatchObject({ service: 'scheduler', kind: 'client', parentSpanId: request.spanId });
    expect(webhooks.headers[0]).toMatchObject({ traceparent: `00-${traceId}-${webhook.spanId}-01` });
  });

  it('[OPS-003] decided over HTTP shows the time of the person too', async () => {
    const token = await operatorToken(gateway);
    const asked = await gateway.fetch(
      '/v1/approvals',
      json({ action: 'dm.bulk_send', details: { recipients: 26 } }),
    );
    const { id, action_digest } = (await asked.json()) as { id: string; action_digest: string };
    const decided = await gateway.fetch(
      `/v1/approvals/${id}/decision`,
      json({ decision: 'rejected', action_digest }, { authorization: `Bearer ${token}` }),
    );
    expect(decided.status).toBe(200);
    const decision = await eventually(() =>
      receiver.spans.find(
        ({ attributes }) =>
          attributes['actp.approval_id'] === id && attributes['actp.decision'] === 'rejected',
      ),
    );
    expect(decision.attributes).toMatchObject({ 'actp.decided_in': 'operator' });
    const linked = await eventually(() =>
      receiver.spans.find(({ spanId }) => spanId === decision.links[0]?.spanId),
    );
    expect(linked.traceId).not.toBe(decision.traceId);
  });
});

/** Each span has the one before as its parent. */
async function expectPath(trace: string, path: ReadonlyArray<readonly [string, string, string]>) {
  let parentSpanId = caller;
  for (const [service, kind, name] of path) {
    const found = await eventually(() =>
      receiver.spans.find((span) => span.traceId === trace && span.name === name),
    );
    expect(found).toMatchObject({ service, kind, parentSpanId });
    parentSpanId = found.spanId;
  }
}

/** Until nothing is sent any more: one chat gets a message a second. */
async function untilQuiet(count: () => number): Promise<void> {
  for (let last = -1; last !== count();) {
    last = count();
    await delay(quietMs);
  }
}

describe('a job', () => {
  it('[OPS-003] belongs to the trace of the request that added it', async () => {
    const token = await operatorToken(gateway);
    const sends = () => receiver.spans.filter(({ name }) => name === 'telegram sendMessage');
    let trace = '';
    // A delivery that runs already takes the message along, and belongs to the trace of who asked for it first: then another one is asked for.
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      await untilQuiet(() => sends().length);
      const before = sends().length;
      trace = randomUUID().replaceAll('-', '');
      const headers = { traceparent: `00-${trace}-${caller}-01`, authorization: `Bearer ${token}` };
      expect((await gateway.fetch('/v1/jobs/audit', json({}, headers))).status).toBe(202);
      await expectPath(trace, [
        ['gateway', 'server', 'POST /v1/jobs/:queue'],
        ['gateway', 'producer', 'add weekly-audit-summary'],
        ['auditor', 'consumer', 'process weekly-audit-summary'],
        ['auditor', 'producer', 'add send-notification'],
        ['approval-bot', 'consumer', 'process send-notification'],
      ]);
      await eventually(() => sends().length > before);
      if (sends().some(({ traceId }) => traceId === trace)) break;
    }
    expect(sends().find(({ traceId }) => traceId === trace)).toMatchObject({
      service: 'approval-bot',
      kind: 'client',
    });
    const ofAuditor = receiver.spans.filter(
      ({ traceId: id, service }) => id === trace && service === 'auditor',
    );
    expect(ofAuditor.map(({ name }) => name)).toContain('db audit_summary');
  });
});

describe('what is sent', () => {
  it('[SEC-017] holds no body, no query, no credential, and goes with the headers of the settings', async () => {
    await gateway.fetch('/v1/approvals?status=pending&limit=7&nonsense=words-of-a-query');
    await gateway.fetch('/healthz');
    await eventually(() => receiver.spans.some(({ name }) => name === 'GET /v1/approvals'));
    await Promise.all(stops.map((stop) => stop()));
    const text = JSON.stringify(receiver.spans, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const hidden of [
      'words',
      'of-the-agent',
      headerSecret,
      botToken,
      'current-secret',
      'passphrase',
      'nonsense',
    ]) {
      expect(text).not.toContain(hidden);
    }
    expect(receiver.spans.some(({ name }) => name.includes('/healthz'))).toBe(false);
    expect(receiver.requests.every(({ authorization }) => authorization === `Bearer ${headerSecret}`)).toBe(
      true,
    );
  });

  it('[OPS-003] is refused at the start when the endpoint is no URL', async () => {
    const start = startApp('auditor', stores, {
      AUDIT_SIGNING_KEY: 'signing-key-of-the-traces-tests-01234',
      OTEL_EXPORTER_OTLP_ENDPOINT: `localhost:${await ownPort()}`,
    });
    await expect(start).rejects.toThrow(
      'OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL that starts with http:// or https://',
    );
  });
});
