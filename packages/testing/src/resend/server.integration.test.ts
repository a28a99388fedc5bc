import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startResend, type ResendServer } from './server.ts';

let resend: ResendServer;
beforeEach(async () => {
  resend = await startResend({ apiKey: 're_test' });
});
afterEach(() => resend.stop());

const authorization = 'Bearer re_test';
const mail = { from: 'Plane <plane@example.com>', to: ['a@example.org'], subject: 'Hi', text: 'Text' };
const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${resend.url}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // The answers of this server are objects.
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const key = (value: string) => ({ 'idempotency-key': value });

describe("the stand-in's mails", () => {
  it('are found by id, and listed newest first a page at a time', async () => {
    const ids: unknown[] = [];
    for (const text of ['1', '2', '3'])
      ids.push((await call('POST', '/emails', { ...mail, text })).body['id']);
    expect((await call('GET', `/emails/${String(ids[1])}`)).body).toMatchObject({ text: '2', to: mail.to });
    expect((await call('GET', '/emails/none')).status).toBe(404);
    const page = await call('GET', '/emails?limit=2');
    expect(page.body).toMatchObject({
      object: 'list',
      has_more: true,
      data: [{ id: ids[2] }, { id: ids[1] }],
    });
    const next = await call('GET', `/emails?limit=2&after=${String(ids[1])}`);
    expect(next.body).toMatchObject({ has_more: false, data: [{ id: ids[0] }] });
    const before = await call('GET', `/emails?limit=1&before=${String(ids[0])}`);
    expect(before.body).toMatchObject({ has_more: true, data: [{ id: ids[1] }] });
  });

  it('leave once per key, for 24 hours', async () => {
    const first = await call('POST', '/emails', mail, key('k'));
    expect(await call('POST', '/emails', mail, key('k'))).toEqual(first);
    expect(await call('POST', '/emails', { ...mail, text: 'b' }, key('k'))).toMatchObject({
      status: 409,
      body: { name: 'invalid_idempotent_request' },
    });
    resend.faults.add({ kind: 'clock_skew', ms: 24 * 3_600_000 + 60_000 });
    expect((await call('POST', '/emails', mail, key('k'))).body['id']).not.toBe(first.body['id']);
    expect(resend.log.countByKey()).toEqual(new Map([['k', 2]]));
  });

  it.each([
    [{ ...mail, to: undefined }, 422, 'missing_required_field'],
    [{ ...mail, text: undefined }, 422, 'missing_required_field'],
    [{ ...mail, from: 'nobody' }, 422, 'invalid_from_address'],
    [{ ...mail, to: ['nobody'] }, 422, 'validation_error'],
    [{ ...mail, to: [] }, 400, 'validation_error'],
  ])('do not leave when %j', async (body, status, name) => {
    expect(await call('POST', '/emails', body)).toMatchObject({ status, body: { name } });
    expect(resend.emails).toHaveLength(0);
  });

  it('are for those who have a key and say what they are', async () => {
    expect((await call('GET', '/emails', undefined, { authorization: '' })).body['name']).toBe(
      'missing_api_key',
    );
    expect((await call('GET', '/emails', undefined, { authorization: 'Bearer x' })).status).toBe(400);
    expect((await call('POST', '/emails', mail, key('k'.repeat(257)))).body['name']).toBe(
      'invalid_idempotency_key',
    );
    const bare = request(`${resend.url}/emails`, { headers: { authorization } });
    bare.end();
    const [answer] = (await once(bare, 'response')) as [{ statusCode: number; resume(): void }];
    answer.resume();
    expect(answer.statusCode).toBe(403);
  });
});
