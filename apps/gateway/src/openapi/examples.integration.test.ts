import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { openGateway, operatorToken, secret } from '../gateway.fixture.ts';
import { examples } from './examples.ts';

interface Operation {
  operationId: string;
  security?: Array<Record<string, string[]>>;
  parameters?: Array<{ name: string; in: string; example?: string }>;
  requestBody?: { content: Record<string, { example?: unknown }> };
}

const gateway = await openGateway(await openStores());
const answer = await gateway.fetch('/openapi.json');
const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  .filter(({ operation }) => operation.requestBody !== undefined);
const named = (id: string) => operations.find(({ operation }) => operation.operationId === id);

const operator = await operatorToken(gateway);
let user: string | undefined;

/** A call as the page makes it when nothing but the credential is entered; what the path is about gets a new id. */
async function tryIt(id: string): Promise<Response> {
  const { path, method, operation } = named(id) ?? expect.fail(`there is no operation ${id}`);
  const schemes = (operation.security ?? []).flatMap((way) => Object.keys(way));
  const credential = schemes.includes('workerSecret') ? secret : schemes.includes('user') ? user : operator;
  const parameters = operation.parameters ?? [];
  const url = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    return parameters.find((one) => one.name === name)?.example ?? randomUUID();
  });
  const query = parameters.filter((one) => one.in === 'query' && one.example !== undefined);
  const search = new URLSearchParams(
    Object.fromEntries(query.map(({ name, example = '' }) => [name, example])),
  );
  return fetch(`${gateway.url}${url}?${search.toString()}`.replace(/\?$/, ''), {
    method,
    headers: {
      'content-type': 'application/json',
      ...(schemes.length > 0 && { authorization: `Bearer ${credential}` }),
    },
    body: JSON.stringify(operation.requestBody?.content['application/json']?.example),
  });
}

describe('what /docs fills in', () => {
  it('is there for every operation with a body', () => {
    const without = operations.filter(
      ({ operation }) => operation.requestBody?.content['application/json']?.example === undefined,
    );
    expect(without.map(({ operation }) => operation.operationId)).toEqual([]);
    expect(Object.keys(examples).filter((id) => named(id) === undefined)).toEqual([]);
  });

  // They build on each other: who registers logs in, and what is stopped can be lifted.
  const standing = Object.keys(examples).filter(
    (id) =>
      !/\{(?!queue)/.test(named(id)?.path ?? '') && !['acceptInvite', 'acknowledgeAuditDamage'].includes(id),
  );
  it.each(standing)('succeeds as it stands: %s', async (id) => {
    const response = await tryIt(id);
    const text = await response.text();
    expect(response.ok, `${response.status} ${text}`).toBe(true);
    if (id === 'logIn' || id === 'changePassword') {
      user = (JSON.parse(text) as { access_token: string }).access_token;
    }
  });

  const aboutOne = Object.keys(examples).filter((id) => !standing.includes(id));
  it.each(aboutOne)('is valid, and lacks only what it is about: %s', async (id) => {
    const response = await tryIt(id);
    const { code, errors } = (await response.json()) as { code: string; errors?: unknown };
    expect(code, JSON.stringify(errors)).toMatch(/^(?:not_found|conflict|unauthenticated|gone)$/);
  });
});
