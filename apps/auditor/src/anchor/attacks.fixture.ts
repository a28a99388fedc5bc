import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAnchor, type AnchorFacts } from '@actp/db/audit/anchor';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { createSigner } from '@actp/db/audit/signature';
import { createDb } from '@actp/db/client';
import { anchorFile } from '@actp/services/anchor/anchor-file';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { createAnchorCopies, type AnchorCopies } from './anchor-copies.ts';
import { createAnchorKeeper } from './keep-anchor.ts';
import { createSigningKeys } from './signing-keys.ts';

export const redisKey = 'actp:anchor';
export const otherPlane = '0b0e3c1e-6a55-4a0c-9a39-6a1f1b1f0c11';
const log = createLogger({ app: 'test', level: 'silent' });
const signer = createSigner('audit-signing-key-of-the-tests-0123456789');
export const stranger = createSigner('a-signing-key-of-somebody-else-0123456789');

/** A database with auditors that keep their anchor in a file, and what an attacker does to both. */
export async function openAttacked() {
  const stores = await openStores();
  const db = createDb(stores.env, 'auditor', 20_000);
  const folder = await mkdtemp(join(tmpdir(), 'actp-attack-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'anchor.json');
  const copyPath = join(folder, 'audit', 'anchor.json');

  const open = new Set<AnchorCopies>();
  const closeAll = () => Promise.all([...open].map((copies) => copies.close()));
  atEnd(closeAll);
  const here = {
    stores,
    folder,
    path,
    copyPath,
    /** An auditor that has just been started. */
    newKeeper(at = path) {
      const copies = createAnchorCopies(stores.env, folder);
      open.add(copies);
      const keys = createSigningKeys({
        db,
        log,
        signer,
        previous: undefined,
        file: checkpointFile(folder),
        checkpoints: { rotate: () => Promise.resolve(false) },
      });
      return createAnchorKeeper({ db, log, signer, keys, file: anchorFile(at), copies });
    },
    async one<T>(text: string): Promise<T> {
      const { rows } = await stores.sql.query<{ value: T }>(`select ${text} as value`);
      if (!rows[0]) throw new Error('nothing was answered');
      return rows[0].value;
    },
    hold: () => here.one<{ code: string; reason: string } | null>('plane_hold()'),
    accept: () => here.one<{ result: string }>(`accept_restored_plane('system:tester', false, false, '{}')`),
    /** How often people were told. */
    told: (kind: string) =>
      here.one<number>(`(select count(*)::int from actp_notifications where kind = '${kind}')`),
    startServerAgain: () =>
      stores.sql.query(`update actp_audit.plane set confirmed_for = 'an earlier start'`),
    /** Without the triggers that refuse it. */
    async asSuperuser(text: string): Promise<void> {
      const client = await stores.sql.connect();
      try {
        await client.query(`set session_replication_role = replica; ${text}`);
      } finally {
        client.release(true);
      }
    },
    changeSomething: (at = 'now()') =>
      stores.sql.query(
        `insert into actp_agent_audit_log (agent_id, action_type, status, created_at) values ('a', 'b', 'ok', ${at})`,
      ),
    async anchored(at = path): Promise<AnchorFacts> {
      const { payload } = JSON.parse(await readFile(at, 'utf8')) as { payload: string };
      return JSON.parse(payload) as AnchorFacts;
    },
    /** An anchor like the one that was written last, but for these facts. */
    async anchorWith(facts: Partial<AnchorFacts>, by = signer): Promise<string> {
      return writeAnchor({ ...(await here.anchored()), ...facts }, '2026-11-01T00:00:00.000Z', by);
    },
    put: async (facts: Partial<AnchorFacts>) => writeFile(path, await here.anchorWith(facts)),
    /** A plane that runs, with its anchor, from the beginning. */
    async begin() {
      // What an earlier test has left to be written.
      await closeAll();
      open.clear();
      await Promise.all([rm(path, { force: true }), rm(copyPath, { force: true }), stores.redis.flushdb()]);
      await stores.sql.query(
        `update actp_audit.plane set anchored_rows = null, confirmed_for = null, held_code = null, held_reason = null, held_at = null,
           held_stopped = null, held_epoch = null, accepted_at = null, anchor_problem = null, anchor_problem_at = null, made_empty = true`,
      );
      await here.changeSomething();
      const keeper = here.newKeeper();
      await keeper.look();
      // Copies are written in the background; one that came later would take the place of what a test puts there.
      await eventually(async () => {
        const text = await readFile(path, 'utf8');
        return (await readFile(copyPath, 'utf8')) === text && (await stores.redis.get(redisKey)) === text;
      });
      return keeper;
    },
  };
  return here;
}
