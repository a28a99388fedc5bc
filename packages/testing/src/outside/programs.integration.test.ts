import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

async function start(name: string, ...words: string[]) {
  const program = fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, url: /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '' };
}

const post = (url: string, body: unknown) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k', 'idempotency-key': 'key' },
    body: JSON.stringify(body),
  });

describe('a stand-in in a process of its own', () => {
  it('says where it is, goes wrong as it is told, says what has happened, and ends', async () => {
    const { child, url } = await start('resend');
    await post(`${url}/_control/faults`, { kind: '5xx_after_effect' });
    const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'Hi', text: 'Text' };
    expect([(await post(`${url}/emails`, mail)).status, (await post(`${url}/emails`, mail)).status]).toEqual([
      500, 200,
    ]);
    expect(await (await fetch(`${url}/_control/log`)).json()).toMatchObject({
      requests: [{ fault: '5xx_after_effect', status: 500 }, { status: 200 }],
      effects: [{ kind: 'email', key: 'key' }],
    });
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('has prices that another process sets', async () => {
    const { url } = await start('coingecko');
    expect((await post(`${url}/_control/coins`, { id: 'bitcoin', usd: '1.50' })).status).toBe(200);
    const price = await fetch(`${url}/api/v3/simple/price?ids=bitcoin&vs_currencies=usd`);
    expect(await price.text()).toBe('{"bitcoin":{"usd":1.50}}');
    expect((await post(`${url}/_control/coins`, { id: 'bitcoin', usd: 'free' })).status).toBe(400);
  });

  it('settles a payment when another process says so', async () => {
    const { url } = await start('stripe');
    const created = await fetch(`${url}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: new URLSearchParams({ amount: '100', currency: 'usd', payment_method: 'pm_slow' }),
    });
    const { id, status } = (await created.json()) as { id: string; status: string };
    expect(status).toBe('processing');
    await post(`${url}/_control/settle`, { id, status: 'succeeded' });
    const log = (await (await fetch(`${url}/_control/log`)).json()) as { effects: unknown[] };
    expect(log.effects).toMatchObject([{ kind: 'payment', reference: id }]);
  });
});
