import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '@actp/testing/at-end';
import { expect, it } from 'vitest';
import { createSessionFile } from '../../gateway/session-file.ts';
import { runInProcess } from '../../in-process.fixture.ts';

const root = await mkdtemp(join(tmpdir(), 'actp-sessions-'));
atEnd(() => rm(root, { recursive: true, force: true }));

/** What answers in the place of a gateway, by path; what nobody has said is 404. */
async function openGateway(answers: Record<string, { status: number; body?: object }>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    asked.push(`${path} ${request.headers.authorization ?? ''}`.trim());
    const { status, body } = answers[path] ?? { status: 404 };
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = join(root, String(asked.length), url.slice(-5));
  const file = createSessionFile(join(folder, 'actp-worker'), new URL(url));
  const run = (words: string[], input = '') =>
    runInProcess(['approvals', ...words], {
      root,
      env: { ACTP_URL: url, XDG_STATE_HOME: folder },
      input,
    });
  return { url, asked, file, run, kept: () => readdir(join(folder, 'actp-worker')) };
}

it('[TRU-003] a login of somebody who is no operator leaves no session, neither here nor at the plane', async () => {
  const { asked, run, kept } = await openGateway({
    '/v1/auth/login': { status: 200, body: { access_token: 'of-a-user', expires_in: 60 } },
    '/v1/approvals': { status: 403, body: { code: 'forbidden', detail: 'operators only' } },
    '/v1/auth/logout': { status: 204 },
  });
  const { code, err } = await run(['login', '--email', 'user@example.com'], 'ten or more\n');
  expect(code).toBe(1);
  expect(err).toContain('This is for operators');
  expect(asked.at(-1)).toBe('/v1/auth/logout Bearer of-a-user');
  expect(await kept()).toEqual([]);
});

it('[TRU-003] a logout that the plane does not carry out keeps the session, to try again', async () => {
  const { url, file, run } = await openGateway({
    '/v1/auth/logout': { status: 503, body: { code: 'unavailable', detail: 'the database is unavailable' } },
  });
  const session = {
    url,
    email: 'op@example.com',
    token: 'of-an-operator',
    expires_at: '2099-01-01T00:00:00Z',
  };
  await file.prepare();
  await file.write(session);
  const { code, err } = await run(['logout']);
  expect(code).toBe(1);
  expect(err).toContain(`The session still lives: ${file.path} stays, to try again.`);
  expect(await file.read()).toEqual(session);
});

it('an address with a password in it is refused, and not shown', async () => {
  const env = { ACTP_URL: 'http://op:hunter2@127.0.0.1:1', ACTP_TOKEN: 'of-an-operator' };
  const { code, err } = await runInProcess(['approvals', 'list'], { root, env });
  expect(code).toBe(2);
  expect(err).toContain('ACTP_URL must be the address of a gateway');
  expect(err).not.toContain('hunter2');
});
