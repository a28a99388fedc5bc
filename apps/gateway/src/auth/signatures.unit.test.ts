import { describe, expect, it } from 'vitest';
import type { Db } from '@actp/db/client';
import { webhookHeaders } from '@actp/shared/standard-webhooks';
import type { Caller } from '../app-env.ts';
import { atRequest, type TestRequest } from './request.fixture.ts';
import { createSignatureCheck } from './signatures.ts';

const secretOf = (fill: number) => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const agent: Caller = { kind: 'agent', id: 'buyer' };
const path = '/v1/approvals/x/redeem?wait=1';
const body = '{"text":"grün"}';
const sign = (fill: number, content = `POST.${path}.${body}`) =>
  webhookHeaders(secretOf(fill), { id: 'msg-1', timestamp: 1_700_000_000, content });

/** Checks a request, with a database that says whether it was made before. */
async function check(
  { headers = sign(7), caller = agent, ...request }: TestRequest = {},
  { secrets = [secretOf(7), undefined, secretOf(8)] as Array<string | undefined>, answer = 'ok' } = {},
) {
  let claims = 0;
  const assertSigned = createSignatureCheck(
    {
      call: () => {
        claims += 1;
        return Promise.resolve(answer);
      },
    } as unknown as Db, // whatever it is asked, it says the same
    { secrets },
  );
  const ended = atRequest({ path, body, caller, ...request, headers }, assertSigned);
  const error: unknown = await ended.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { claims, error };
}

const refusal = (message: string, field: string, why: string) => ({
  code: 'unauthenticated',
  message,
  fields: [{ field, message: why }],
});
const unfit = refusal(
  'the signature does not fit method, path and body',
  'webhook-signature',
  'does not fit',
);

describe('[NEXT-002] a signed request', () => {
  it('is one that any of the secrets has signed, and is taken once', async () => {
    for (const fill of [7, 8]) {
      expect(await check({ headers: sign(fill) })).toEqual({ claims: 1, error: undefined });
    }
    const both = {
      ...sign(9),
      'webhook-signature': `${sign(9)['webhook-signature']} ${sign(8)['webhook-signature']}`,
    };
    expect(await check({ headers: both })).toEqual({ claims: 1, error: undefined });
  });

  it.each<[string, TestRequest]>([
    ['another secret', { headers: sign(9) }],
    ['another method', { headers: sign(7, `GET.${path}.${body}`) }],
    ['another path', { headers: sign(7, `POST./v1/approvals/y/redeem.${body}`) }],
    ['another query', { headers: sign(7, `POST./v1/approvals/x/redeem.${body}`) }],
    ['another body', { headers: sign(7, `POST.${path}.{}`) }],
    ['another id', { headers: { ...sign(7), 'webhook-id': 'msg-2' } }],
    ['another time', { headers: { ...sign(7), 'webhook-timestamp': '1700000001' } }],
  ])('is none that is signed over %s, and the database is not asked', async (_what, request) => {
    const { claims, error } = await check(request);
    expect(claims).toBe(0);
    expect(error).toMatchObject(unfit);
  });

  it.each([
    ['stale', 'the signature is more than five minutes old, or from the future', 'webhook-timestamp'],
    ['replayed', 'a request with this webhook-id was made before', 'webhook-id'],
    ['unknown', 'the signature is refused', 'webhook-id'],
  ])('is refused when the database says %s', async (answer, message, field) => {
    const { error } = await check({}, { answer });
    expect(error).toMatchObject(refusal(message, field, 'is refused'));
  });

  it('is asked of agents alone, and only where there are secrets', async () => {
    const people = (['user', 'operator'] as const).map((kind): Caller => ({ kind, id: 'x', email: 'x@y' }));
    for (const caller of people)
      expect(await check({ caller, headers: {} })).toEqual({ claims: 0, error: undefined });
    const nobody = createSignatureCheck({} as Db, { secrets: [secretOf(7)] });
    await atRequest({}, nobody);
    const without = await check({ headers: {} }, { secrets: [undefined, undefined] });
    expect(without).toEqual({ claims: 0, error: undefined });
  });
});

describe('the headers of a signature', () => {
  const id = ['webhook-id', 'must be 1 to 256 printable ASCII characters'] as const;
  const timestamp = ['webhook-timestamp', 'must be seconds since 1970'] as const;
  const signature = ['webhook-signature', 'must be one to eight signatures, v1,<base64>'] as const;
  const said = (...fields: ReadonlyArray<readonly [string, string]>) => ({
    code: 'unauthenticated',
    message: 'this call has to be signed (SIGNING_REQUIRED)',
    fields: fields.map(([field, message]) => ({ field, message })),
  });

  it('are all named when there are none', async () => {
    const { claims, error } = await check({ headers: {} });
    expect(claims).toBe(0);
    expect(error).toMatchObject(said(id, timestamp, signature));
  });

  it.each([
    [id, ''],
    [id, 'x'.repeat(257)],
    [id, 'a b'],
    [id, 'ü'],
    [timestamp, ''],
    [timestamp, 'now'],
    [timestamp, '1'.repeat(13)],
    [timestamp, ' 1'],
    [timestamp, '1.5'],
    [timestamp, '-1'],
    [signature, ''],
    [signature, 'x'.repeat(257)],
    [signature, 'v1,a  v1,b'],
    [signature, ' v1,a'],
    [signature, Array.from({ length: 9 }, () => 'v1,a').join(' ')],
    [signature, `v1,a ${'x'.repeat(257)}`],
  ])('are named with what is wrong: %j, %j', async ([field, message], value) => {
    const { claims, error } = await check({ headers: { ...sign(7), [field]: value } });
    expect(claims).toBe(0);
    expect(error).toMatchObject(said([field, message]));
  });

  it.each([
    ['webhook-id', 'x'.repeat(256)],
    ['webhook-timestamp', '1'.repeat(12)],
    ['webhook-signature', Array.from({ length: 8 }, () => 'x'.repeat(256)).join(' ')],
  ])('may be as long as they are read: %s', async (name, value) => {
    expect((await check({ headers: { ...sign(7), [name]: value } })).error).toMatchObject(unfit);
  });
});
