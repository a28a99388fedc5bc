import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { atEnd } from '@actp/testing/at-end';
import { createTelegramCall } from './telegram-api.ts';

const token = `7654321:${'k'.repeat(35)}`;

async function open(answer: (response: ServerResponse) => void) {
  const asked: Array<{ line: string; type: string | undefined; body: unknown }> = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const line = `${request.method} ${request.url}`;
    asked.push({ line, type: request.headers['content-type'], body: await json(request) });
    answer(response);
  };
  const server = createServer((request, response) => void listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const apiRoot = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, apiRoot, call: createTelegramCall({ token, apiRoot }) };
}

const date = 'Mon, 01 Jun 2026 12:00:00 GMT';
const says = (status: number, body: unknown) => (response: ServerResponse) =>
  void response
    .writeHead(status, { date, location: '/elsewhere' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));

describe('a call of the Bot API', () => {
  it('has its method and parameters, and gives the answer with the time there', async () => {
    const { call, asked } = await open(says(200, { ok: true, result: { id: 7 } }));
    expect(await call('getChat', { chat_id: 11 })).toEqual({ is: 'done', result: { id: 7 }, date });
    await call('getMe');
    expect(asked).toEqual([
      { line: `POST /bot${token}/getChat`, type: 'application/json', body: { chat_id: 11 } },
      { line: `POST /bot${token}/getMe`, type: 'application/json', body: {} },
    ]);
  });

  it.each([
    [400, { ok: false, error_code: 409, description: 'Conflict' }, { code: 409, description: 'Conflict' }],
    [403, { ok: false }, { code: 403, description: '' }],
  ])('is refused: %i %j', async (status, body, refused) => {
    const { call } = await open(says(status, body));
    expect(await call('getMe')).toEqual({ is: 'refused', ...refused, date });
  });

  it.each([
    [502, '<html>'],
    [200, {}],
    [200, { ok: 'yes' }],
    [302, ''],
    [400, { ok: false, error_code: 'x' }],
    [400, { ok: false, description: 7 }],
  ])('has no answer when another one answers: %i %j', async (status, body) => {
    const { call, asked } = await open(says(status, body));
    expect(await call('getMe')).toEqual({ is: 'unreachable', how: ` (status ${status})` });
    expect(asked).toHaveLength(1);
  });

  it('has none when nobody listens, it takes too long, or is not wanted any more', async () => {
    const { call } = await open(() => undefined);
    expect(await call('getMe', {}, { withinMs: 20 })).toMatchObject({ is: 'unreachable' });
    const prompt = await open(says(200, { ok: true }));
    const { signal } = new AbortController();
    expect(await prompt.call('getMe', {}, { signal })).toMatchObject({ is: 'done' });
    const aborted = AbortSignal.abort();
    expect(await prompt.call('getMe', {}, { signal: aborted })).toMatchObject({ is: 'unreachable' });
    const nobody = createTelegramCall({ token, apiRoot: `http://127.0.0.1:${await ownPort()}` });
    expect(await nobody('getMe')).toEqual({ is: 'unreachable', how: ' (ECONNREFUSED)' });
  });
});
