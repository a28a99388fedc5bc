import { describe, expect, it } from 'vitest';
import { createClient } from './client.ts';
import { ActpError, ActpUnavailable, PolicyDenied } from './errors.ts';
import type { ClientOptions } from './options.ts';

const id = '0b7f2a52-6a3c-4c0e-9d6b-0f1d2c3b4a59';
const secret = 'the-secret-of-these-tests';
const approval = { id, status: 'pending', outcome: null, redeemed_at: null, lapsed_at: null };

interface Sent {
  url: string;
  init: RequestInit;
}

/** A client whose requests are kept, and answered with this. */
function answering(answer: () => Response, options: Partial<ClientOptions> = {}) {
  const sent: Sent[] = [];
  const fetch = (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return Promise.resolve(answer());
  };
  const client = createClient({ url: 'http://gateway/', secret, retrySeconds: 0, fetch, ...options });
  return { client, sent };
}

const problem = (status: number, body: object, headers: Record<string, string> = {}) => {
  const { client } = answering(() => new Response(JSON.stringify(body), { status, headers }));
  return client.getApproval(id).then(
    () => undefined,
    (error: unknown) => error as ActpError,
  );
};

describe('a request', () => {
  it('has the headers of its method, and a body only where there is one', async () => {
    const { client, sent } = answering(() => Response.json(approval));
    await client.getApproval(id);
    await client.cancel(id);
    await client.requestApproval('a.b', { n: 1 });
    expect(sent.map(({ url, init }) => [init.method, url])).toEqual([
      ['GET', `http://gateway/v1/approvals/${id}`],
      ['POST', `http://gateway/v1/approvals/${id}/cancel`],
      ['POST', 'http://gateway/v1/approvals'],
    ]);
    const headers = sent.map(({ init }) => init.headers as Record<string, string>);
    for (const one of headers) {
      expect(one).toMatchObject({
        authorization: `Bearer ${secret}`,
        'x-agent-id': 'worker',
        accept: 'application/json',
      });
    }
    expect(headers[0]).not.toHaveProperty('content-type');
    expect(sent[0]?.init).not.toHaveProperty('body');
    expect(headers[2]).toMatchObject({ 'content-type': 'application/json' });
    expect(headers[2]?.['idempotency-key']).toMatch(/^work-[0-9a-f]{64}$/);
    expect(sent[2]?.init.body).toBe('{"action":"a.b","details":{"n":1}}');
    for (const { init } of sent) expect(init).toMatchObject({ redirect: 'manual', cache: 'no-store' });
  });

  it('is signed where something changes, and nowhere else', async () => {
    const signingSecret = `whsec_${Buffer.from('a key of the tests').toString('base64')}`;
    const { client, sent } = answering(() => Response.json(approval), { signingSecret });
    await client.getApproval(id);
    await client.cancel(id);
    const signed = sent.map(({ init }) =>
      Object.keys(init.headers as object).some((name) => /sign/i.test(name)),
    );
    expect(signed).toEqual([false, true]);
  });
});

describe('a refusal', () => {
  it('says in one line what was asked and why not', async () => {
    const error = await problem(404, { code: 'not_found', title: 'Not found', detail: 'no such approval' });
    expect(error).toBeInstanceOf(ActpError);
    expect(error?.message).toBe(`GET /v1/approvals/${id}: 404 no such approval`);
    expect(error).toMatchObject({ code: 'not_found', problem: { status: 404, errors: [] } });
  });

  it.each<[object, string]>([
    [{ title: 'Bad' }, '400 Bad'],
    [{}, '400'],
    [{ detail: 'no', errors: [{ field: 'a', message: 'is missing' }, 'x'] }, '400 no (a is missing)'],
    [
      {
        errors: [
          { field: 'a', message: 'is missing' },
          { field: 'b', message: 'is long' },
        ],
      },
      '400 (a is missing; b is long)',
    ],
    [{ errors: [{ field: 1 }] }, '400 ( )'],
    [{ errors: 'x', detail: 1 }, '400'],
  ])('%j reads as %j', async (body, words) => {
    expect((await problem(400, body))?.message).toBe(`GET /v1/approvals/${id}: ${words}`);
  });

  it('repeats the secret in none of its texts', async () => {
    const error = await problem(400, {
      title: `t ${secret}`,
      detail: `${secret} twice ${secret}`,
      errors: [{ field: secret, message: `m ${secret}` }],
    });
    expect(error?.message).toContain('[secret] twice [secret]');
    expect(JSON.stringify(error?.problem)).not.toContain(secret);
  });

  it('of the policy has its rule and its reasons', async () => {
    const reasons = [{ code: 'limit_reached', detail: 'too much' }, 'x', { code: 1 }];
    const error = await problem(403, { code: 'policy_denied', rule: 'gate:a', reasons });
    expect(error).toBeInstanceOf(PolicyDenied);
    expect(error).toMatchObject({
      rule: 'gate:a',
      reasons: [
        { code: 'limit_reached', detail: 'too much' },
        { code: '', detail: '' },
      ],
    });
    expect(await problem(403, { code: 'policy_denied' })).toMatchObject({ reasons: [] });
  });

  it('with a code that nobody knows is an unexpected answer', async () => {
    expect(await problem(418, { code: 'teapot' })).toMatchObject({ code: 'unexpected_answer' });
    expect(await problem(302, {})).toMatchObject({
      code: 'unexpected_answer',
      message: expect.stringContaining('redirects are not followed; check the url'),
    });
  });

  it.each<[number, Record<string, string>, number | undefined]>([
    [503, { 'retry-after': '0' }, 0],
    [503, { 'retry-after': '30' }, 30],
    [500, { 'retry-after': '123456789' }, 123_456_789],
    [429, { 'retry-after': '1234567890' }, undefined],
    [503, { 'retry-after': 'Thu, 26 Nov 2026 10:00:00 GMT' }, undefined],
    [503, { 'retry-after': '3 s' }, undefined],
    [503, { 'retry-after': 'x3' }, undefined],
    [503, { 'retry-after': '-1' }, undefined],
    [503, {}, undefined],
  ])('%i with %j may be tried again after %j seconds', async (status, headers, seconds) => {
    const error = await problem(status, {}, headers);
    expect(error).toBeInstanceOf(ActpUnavailable);
    expect((error as ActpUnavailable).retryAfterSeconds).toBe(seconds);
  });

  it('that is a page of something else says so', async () => {
    const { client } = answering(() => new Response('<html>', { status: 200 }));
    await expect(client.getApproval(id)).rejects.toThrow(
      `GET /v1/approvals/${id}: the server is not an actp-worker gateway`,
    );
  });
});

describe('a request that was not answered', () => {
  it('is named, with its cause', async () => {
    const cause = new Error('ECONNREFUSED');
    const fetch = () => Promise.reject(cause);
    const client = createClient({ url: 'http://gateway', secret, retrySeconds: 0, fetch });
    const failed = client.getApproval(id);
    await expect(failed).rejects.toThrow(`GET /v1/approvals/${id}: the gateway is unavailable`);
    await expect(failed).rejects.toMatchObject({ cause });
  });

  it('ends with the reason of the caller’s own signal', async () => {
    const ending = new AbortController();
    const fetch = (_url: string, init: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(new Error('cut')), { once: true });
      });
    const client = createClient({ url: 'http://gateway', secret, retrySeconds: 0, fetch });
    const asked = client.getApproval(id, { signal: ending.signal });
    ending.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });

  it('is late after its time', async () => {
    const fetch = () => new Promise<Response>(() => undefined);
    const client = createClient({
      url: 'http://gateway',
      secret,
      retrySeconds: 0,
      timeoutSeconds: 0.01,
      fetch,
    });
    await expect(client.getApproval(id)).rejects.toThrow(`GET /v1/approvals/${id}: timed out`);
  });
});
