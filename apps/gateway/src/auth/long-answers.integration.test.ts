import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operatorToken, personSession } from '../gateway.fixture.ts';
import { agentCalls, withKey } from './agent-keys.fixture.ts';

const stores = await openStores();
let logged = '';
const output = new Writable({
  write(chunk, _encoding, done) {
    logged += String(chunk);
    done();
  },
});
const gateway = await openGateway(
  stores,
  {},
  createLogger({ app: 'test', level: 'warn', destination: output }),
);
const operator = await operatorToken(gateway);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

// More than the buffers of a connection hold while nobody reads.
const events = 4_000;
await stores.sql.query(
  `insert into actp_agent_audit_log (agent_id, action_type, status, result)
   select 'writer', 'large.event', 'ok', jsonb_build_object('n', n, 'text', repeat(md5(n::text), 160))
   from generate_series(1, $1::int) n`,
  [events],
);

let people = 0;
async function another() {
  people += 1;
  const [email, password] = [`reader-${people}@example.com`, 'the password of another operator'];
  return { email, password, ...(await personSession(stores, { email, role: 'operator', password })) };
}
type Person = Awaited<ReturnType<typeof another>>;

const ways: Record<string, (person: Person) => Promise<unknown>> = {
  logout: ({ token }) => gateway.fetch('/v1/auth/logout', json({}, bearer(token))),
  'an operator who ends it': ({ session }) =>
    gateway.fetch(`/v1/sessions/${session}`, { method: 'DELETE', headers: bearer(operator) }),
  'being disabled': ({ id }) =>
    gateway.fetch(`/v1/operators/${id}`, { ...json({ disabled: true }, bearer(operator)), method: 'PATCH' }),
  'another password': ({ token, password }) =>
    gateway.fetch(
      '/v1/auth/password',
      json({ current: password, new: 'another long password of theirs' }, bearer(token)),
    ),
};

/** An export that was let in: where the machine is slow, the database may be too late for the question who asks, which is a 503. */
async function openExport(token: string, format: string, attempts = 10): ReturnType<typeof beginExport> {
  const begun = await beginExport(token, format);
  return begun.status === 503 && attempts > 1 ? openExport(token, format, attempts - 1) : begun;
}

/** An export of which nothing is read beyond its beginning until `rest` is called. */
async function beginExport(token: string, format: string) {
  const request = get(`${gateway.url}/v1/audit/export?action_type=large.event&format=${format}`, {
    headers: bearer(token),
    agent: false,
  });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  // The reset comes while nobody reads; `rest` says what it led to.
  request.on('error', () => undefined);
  answer.on('error', () => undefined);
  await once(answer, 'readable');
  let bytes = (answer.read(100) as Buffer).length;
  return {
    status: answer.statusCode,
    async rest(): Promise<{ bytes: number; complete: boolean; failed: boolean }> {
      let failed = false;
      try {
        for await (const chunk of answer) bytes += (chunk as Buffer).length;
      } catch {
        failed = true;
      }
      return { bytes, complete: answer.complete, failed };
    },
  };
}

describe('[TRU-003] an export', () => {
  it.each(
    Object.entries(ways).flatMap(([way, end]) =>
      ['jsonl', 'csv', 'ocsf'].map((format) => ({ way, format, end })),
    ),
  )('is cut off by $way, as $format, and looks so', async ({ end, format }) => {
    const person = await another();
    const begun = await openExport(person.token, format);
    expect(begun.status).toBe(200);
    expect(((await end(person)) as Response).ok).toBe(true);
    await eventually(() => logged.includes(`operator:${person.email}`));
    const { bytes, complete, failed } = await begun.rest();
    expect({ complete, failed }).toEqual({ complete: false, failed: true });
    expect(bytes).toBeLessThan(events * 5_000);
    expect(logged).toContain('an answer was cut off before its end');
    expect(logged).not.toContain(person.token);
  });

  it('is whole while the session lives, and HEAD leaves nothing behind', async () => {
    const { token } = await another();
    let whole = await (await openExport(token, 'jsonl')).rest();
    // It is also cut off when nobody can say in time whether the session lives.
    for (let more = 10; more > 0 && !whole.complete; more -= 1) {
      whole = await (await openExport(token, 'jsonl')).rest();
    }
    expect(whole).toMatchObject({ complete: true, failed: false });
    expect(whole.bytes).toBeGreaterThan(events * 5_000);
    const head = await gateway.fetch('/v1/audit/export', { method: 'HEAD', headers: bearer(token) });
    expect(head.status).toBe(200);
  });
});

describe('[TRU-003] an answer that takes long', () => {
  it.each(['/v1/audit/verify', '/v1/operators'])(
    'is not given to a session that has ended: %s',
    async (path) => {
      const { token, session } = await another();
      const name = path === '/v1/operators' ? 'list_operators' : 'plane_readiness';
      const { rows } = await stores.sql.query<{ was: string }>(
        `select pg_get_functiondef(oid) as was from pg_proc where proname = $1`,
        [name],
      );
      const was = rows[0]?.was ?? '';
      const [head = ''] = was.split(/\n LANGUAGE /);
      // At work until the session has ended, and then for longer than an answer about a session is kept.
      await stores.sql.query(`${head} language plpgsql security definer set search_path = '' as $$ begin
        perform pg_advisory_xact_lock_shared(4711);
        while exists (select from public.actp_sessions where id = '${session}' and ended_at is null) loop
          perform pg_sleep(0.02);
        end loop;
        perform pg_sleep(0.4);
        return '[]';
      end $$`);
      let answered = false;
      const asked = gateway.fetch(path, { headers: bearer(token) }).finally(() => (answered = true));
      await eventually(async () => {
        const { rowCount } = await stores.sql.query(
          `select from pg_locks where locktype = 'advisory' and objid = 4711`,
        );
        return answered || rowCount !== 0;
      });
      await stores.sql.query('update actp_sessions set ended_at = now() where id = $1', [session]);
      const answer = await asked;
      await stores.sql.query(was);
      // On a machine that is slow enough the database says nothing in time, which is no answer either.
      expect([401, 503]).toContain(answer.status);
    },
  );

  it('ends with the key of an agent: a wait, and a stream of events', async () => {
    const { keyOf, remove } = agentCalls(gateway, operator);
    const key = await keyOf('waits-long');
    const asked = await gateway.fetch(
      '/v1/approvals',
      json({ action: 'dm.bulk_send', details: { recipients: 25 } }, withKey(key)),
    );
    const { id } = (await asked.json()) as { id: string };
    const wait = gateway.fetch(`/v1/approvals/${id}`, { headers: withKey(key, { prefer: 'wait=55' }) });
    const stream = await gateway.fetch(`/v1/approvals/${id}/events`, { headers: withKey(key) });
    expect(stream.status).toBe(200);
    // The stream has told where things stand before the key ends.
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let told = '';
    while (!told.includes('event: pending')) told += (await reader?.read())?.value ?? '';
    expect((await remove('waits-long')).status).toBe(200);
    const answer = await wait;
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
      401,
      'the key has ended meanwhile',
    ]);
    // Then it ends.
    while ((await reader?.read())?.done === false);
  });
});
