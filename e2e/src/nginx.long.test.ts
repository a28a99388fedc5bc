import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { atEnd } from '@actp/testing/at-end';
import { makeCertificate } from '@actp/testing/certificates';
import { debianProgram } from '@actp/testing/debian-program';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operatorToken, secret } from './gateway-process.fixture.ts';

const name = 'actp.example.com';
const example = join(import.meta.dirname, '../../deploy/nginx/actp-worker.conf');

/** nginx with the example as it stands, but for ports and the certificate. */
async function startNginx(gatewayPort: number) {
  const folder = await mkdtemp(join(tmpdir(), 'actp-nginx-'));
  const { cert, key, ca } = await makeCertificate(`DNS:${name}`);
  const [http, https] = [await ownPort(), await ownPort()];
  const conf = (await readFile(example, 'utf8'))
    .replace('127.0.0.1:8787', `127.0.0.1:${gatewayPort}`)
    .replace('listen 80;', `listen 127.0.0.1:${http};`)
    .replace('listen 443 ', `listen 127.0.0.1:${https} `)
    .replace('/etc/ssl/actp-worker/fullchain.pem', cert)
    .replace('/etc/ssl/actp-worker/privkey.pem', key);
  await writeFile(join(folder, 'actp-worker.conf'), conf);
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (part) => `${part}_temp_path ${folder}/${part};`,
  );
  await writeFile(
    join(folder, 'main.conf'),
    [
      ...(process.getuid?.() === 0 ? ['user root;'] : []),
      `daemon off; pid ${folder}/pid; error_log stderr; events {}`,
      `http { access_log off; ${places.join(' ')} include ${folder}/actp-worker.conf; }`,
    ].join('\n'),
  );
  const { file, env } = await debianProgram('nginx', ['nginx', 'nginx-common']);
  const nginx = spawn(file, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'main.conf')], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  atEnd(async () => {
    nginx.kill('SIGTERM');
    if (nginx.exitCode === null) await once(nginx, 'exit');
    await rm(folder, { recursive: true, force: true });
  });
  return { http, https, ca: await readFile(ca, 'utf8') };
}

it('the example for nginx serves the gateway with TLS: addresses, hosts, bodies, streams', async () => {
  const stores = await openStores();
  const gateway = await openGateway(stores, {
    settings: { ALLOWED_HOSTS: `${name},127.0.0.1`, TRUSTED_PROXIES: '127.0.0.1', REGISTRATION: 'closed' },
  });
  const { http, https, ca } = await startNginx(gateway.port);
  const call = (path: string, init: RequestInit = {}, host = name): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${secret}`,
        host,
        ...Object.fromEntries(new Headers(init.headers)),
      };
      request(
        { host: '127.0.0.1', port: https, path, method: init.method ?? 'GET', headers, ca, servername: name },
        resolve,
      )
        .once('error', reject)
        .end(init.body ?? undefined);
    });
  const status = async (answer: Promise<IncomingMessage>) => {
    const got = await answer;
    got.resume();
    return got.statusCode;
  };

  await eventually(async () => (await status(call('/healthz'))) === 200);
  expect(await status(call('/healthz', {}, 'elsewhere.example'))).toBe(400);
  const plain = await fetch(`http://127.0.0.1:${http}/docs`, { redirect: 'manual' });
  expect(plain.status).toBe(308);
  const login = await call('/login', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ email: 'Op@Example.com', password: 'a long enough passphrase' }).toString(),
  });
  login.resume();
  expect(String(login.headers['set-cookie'])).toContain('__Host-actp_session');

  // The gateway itself says what is too large, up to the limit of nginx.
  const event = (size: number) => ({
    agent_id: 'nginx',
    action_type: 'ads.deploy',
    status: 'ok',
    result: { text: 'x'.repeat(size) },
  });
  const events = (count: number, size: number) =>
    json({ events: Array.from({ length: count }, () => event(size)) });
  const large = await call('/v1/audit/events', events(450, 10_000));
  expect([large.statusCode, large.headers['content-type']]).toEqual([413, 'application/problem+json']);
  large.resume();
  expect(await status(call('/v1/audit/events', events(300, 5_000)))).toBe(202);
  expect(await status(call('/v1/audit/events', events(600, 10_000)))).toBe(413);

  // A stream: each event comes when it happens.
  const asked = await call('/v1/approvals', json({ action: 'dm.bulk_send', details: { recipients: 2 } }));
  const { id, action_digest } = JSON.parse(await text(asked)) as { id: string; action_digest: string };
  const stream = await call(`/v1/approvals/${id}/events`);
  let received = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
  await eventually(() => received.includes('"status":"pending"'));
  expect(received).not.toContain('rejected');
  const authorization = `Bearer ${await operatorToken(gateway)}`;
  const decided = await gateway.fetch(
    `/v1/approvals/${id}/decision`,
    json({ decision: 'rejected', action_digest }, { authorization }),
  );
  expect(decided.status).toBe(200);
  await eventually(() => received.includes('"status":"rejected"'));
  stream.destroy();

  // Whatever a client says of its address, it is one client.
  const forged = Array.from({ length: 80 }, (_, index) => ({ 'x-forwarded-for': `198.51.100.${index}` }));
  const answers = await Promise.all(
    forged.map((headers) =>
      status(call('/v1/approvals', { headers: { ...headers, authorization: 'Bearer wrong' } })),
    ),
  );
  expect(answers).toContain(429);
});
