import { expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import {
  json,
  openGateway,
  operator,
  operatorToken,
  pageSession,
  registeredUser,
  sessionSecret,
  type TestGateway,
} from '../gateway.fixture.ts';

const stores = await openStores();
const next = 'the-session-secret-after-the-rotation-01234';
const before = await openGateway(stores);
const rotating = await openGateway(stores, { SESSION_SECRET: next, SESSION_SECRET_PREVIOUS: sessionSecret });
const rotated = await openGateway(stores, { SESSION_SECRET: next });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const reads = async (gateway: TestGateway, headers: Record<string, string>, path: string) =>
  (await fetch(`${gateway.url}${path}`, { headers })).status;

it('[TASK-001] a token of before works while SESSION_SECRET_PREVIOUS is set, and not without', async () => {
  const operatorOf = bearer(await operatorToken(before));
  const userOf = bearer((await registeredUser(before, 'rotates@example.com')).token);
  for (const [headers, path] of [
    [operatorOf, '/v1/sessions'],
    [userOf, '/v1/spending'],
  ] as const) {
    expect(await reads(before, headers, path)).toBe(200);
    expect(await reads(rotating, headers, path)).toBe(200);
    expect(await reads(rotated, headers, path)).toBe(401);
  }
});

it('[TASK-001] new tokens are signed with the new secret alone', async () => {
  const token = bearer(await operatorToken(rotating));
  expect(await reads(rotated, token, '/v1/sessions')).toBe(200);
  expect(await reads(before, token, '/v1/sessions')).toBe(401);
  const { token: own, password } = await registeredUser(rotating, 'rotates-password@example.com');
  const change = json({ current: password, new: 'another of ten' }, bearer(own));
  const answer = await rotating.fetch('/v1/auth/password', change);
  const { access_token } = (await answer.json()) as { access_token: string };
  expect(await reads(rotated, bearer(access_token), '/v1/spending')).toBe(200);
});

it('[TASK-001] a page of before goes on: cookie and second token', async () => {
  const page = await pageSession(before);
  expect(await reads(rotating, page, '/dashboard/api/queues')).toBe(200);
  expect(await reads(rotated, page, '/dashboard/api/queues')).toBe(401);
  const later = await pageSession(rotating);
  expect(await reads(rotated, later, '/dashboard/api/queues')).toBe(200);
  expect(await reads(before, later, '/dashboard/api/queues')).toBe(401);
  // Of another session, signed with either.
  const mixed = { cookie: page.cookie, 'x-page-token': later['x-page-token'] };
  expect(await reads(rotating, mixed, '/dashboard/api/queues')).toBe(401);
});

it('[TASK-001] a device of before is still a known one', async () => {
  const device = (await before.fetch('/v1/auth/login', json(operator))).headers.get('x-device-token') ?? '';
  const login = (gateway: TestGateway, password: string, headers: Record<string, string> = {}) =>
    gateway.fetch('/v1/auth/login', json({ ...operator, password }, headers));
  for (let i = 0; i < 10; i += 1) expect((await login(rotating, 'wrong')).status).toBe(401);
  expect((await login(rotating, operator.password)).status).toBe(429);
  const known = await login(rotating, operator.password, { 'x-device-token': device });
  expect(known.status).toBe(200);
  expect((await login(rotated, operator.password, { 'x-device-token': device })).status).toBe(429);
  const renewed = known.headers.get('x-device-token') ?? '';
  expect((await login(rotated, operator.password, { 'x-device-token': renewed })).status).toBe(200);
});
