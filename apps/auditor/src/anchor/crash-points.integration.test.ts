import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeAnchor, type AnchorFacts } from '@actp/db/audit/anchor';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { createSigner } from '@actp/db/audit/signature';
import { createDb, type Db } from '@actp/db/client';
import { anchorFile, type AnchorFile } from '@actp/services/anchor/anchor-file';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { createAnchorKeeper } from './keep-anchor.ts';
import { createSigningKeys } from './signing-keys.ts';

/*
 * A crash between any two steps of the auditor: each run ends before or after its n-th step, the server is started again, and the next
 * auditor has to find what it left in order. Random kills do not reach gaps of a few milliseconds.
 */

const { sql, env } = await openStores();
const log = createLogger({ app: 'test', level: 'silent' });
const folder = await mkdtemp(join(tmpdir(), 'actp-crash-'));
atEnd(() => rm(folder, { recursive: true, force: true }));
const path = join(folder, 'anchor.json');
const signer = createSigner('audit-signing-key-of-the-tests-0123456789');
const copies = {
  write: () => undefined,
  read: () => Promise.resolve([]),
  close: () => Promise.resolve(),
};
const realDb = createDb(env, 'auditor', 20_000);
const realFile = anchorFile(path);

class Crash extends Error {}

/** An auditor that ends at its n-th step: odd numbers before it, even ones after it, when it is done and nobody heard of it. */
function auditorThatEndsAt(n: number) {
  let count = 0;
  const passes = () => {
    count += 1;
    if (count >= n) throw new Crash();
  };
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    passes();
    const answer = await work();
    passes();
    return answer;
  };
  const db: Db = { call: (build) => step(() => realDb.call(build)) };
  const file: AnchorFile = {
    path,
    read: () => step(() => realFile.read()),
    write: (text) => step(() => realFile.write(text)),
    setAside: (name) => step(() => realFile.setAside(name)),
    removeLeftovers: () => step(() => realFile.removeLeftovers()),
  };
  const keys = createSigningKeys({
    db,
    log,
    signer,
    previous: undefined,
    file: checkpointFile(folder),
    checkpoints: { rotate: () => Promise.resolve(false) },
  });
  return createAnchorKeeper({ db, log, signer, keys, file, copies });
}

const changeSomething = () =>
  sql.query(`insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b', 'ok')`);
const startServerAgain = () => sql.query(`update actp_audit.plane set confirmed_for = 'an earlier start'`);
const hold = async () => {
  const { rows } = await sql.query<{ hold: { code: string; reason: string } | null }>(
    'select plane_hold() as hold',
  );
  return rows[0]?.hold ?? null;
};
const lookOnce = () => auditorThatEndsAt(Infinity).look();
const anchored = async () => {
  const { payload } = JSON.parse(await readFile(path, 'utf8')) as { payload: string };
  return JSON.parse(payload) as AnchorFacts;
};
const put = async (facts: Partial<AnchorFacts>) =>
  writeFile(path, writeAnchor({ ...(await anchored()), ...facts }, '2026-11-01T00:00:00.000Z', signer));

async function empty(madeEmpty = true): Promise<void> {
  await rm(path, { force: true });
  await sql.query(
    `update actp_audit.plane set anchored_rows = null, confirmed_for = null, held_code = null, held_reason = null, held_at = null,
       held_stopped = null, signing_key = null, made_empty = $1`,
    [madeEmpty],
  );
  await changeSomething();
}
const running = async () => {
  await empty();
  await lookOnce();
  await startServerAgain();
};
const accept = async () => {
  await lookOnce();
  expect((await hold())?.code).not.toBe('unconfirmed');
  await sql.query(`select accept_restored_plane('system:tester', false, false, '{}')`);
};

const situations: ReadonlyArray<readonly [string, () => Promise<unknown>]> = [
  ['a new plane', () => empty()],
  ['a database of an earlier release', () => empty(false)],
  [
    'a new plane where another one was',
    async () => {
      await running();
      await put({ plane_id: randomUUID() });
      await copyFile(path, `${path}.kept`);
      await empty();
      await copyFile(`${path}.kept`, path);
    },
  ],
  ['a plane that is started again', running],
  ['a plane that has gone on', () => running().then(changeSomething)],
  [
    'an older copy that was accepted',
    async () => {
      await running();
      await put({ total: (await anchored()).total + 100 });
      await accept();
    },
  ],
  [
    'a plane without its anchor that was accepted',
    async () => {
      await running();
      await rm(path);
      await accept();
    },
  ],
];

it.each(situations)('a crash between any two steps does not hold %s', async (_what, arrange) => {
  for (let n = 1; ; n += 1) {
    await arrange();
    const crashed = await auditorThatEndsAt(n)
      .look()
      .then(
        () => false,
        (error: unknown) => {
          if (error instanceof Crash) return true;
          throw error;
        },
      );
    await startServerAgain();
    await lookOnce();
    expect({ step: n, hold: await hold() }).toEqual({ step: n, hold: null });
    if (!crashed) break;
  }
});
