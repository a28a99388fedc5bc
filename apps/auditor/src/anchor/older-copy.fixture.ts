import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseAppKey } from '@actp/db/access/app-key';
import { createLogger } from '@actp/shared/log';
import type { RunningApp } from '@actp/shared/lifecycle';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openFolderStores, type FolderStores } from '@actp/testing/folder-stores';
import { startAuditor } from '../auditor.ts';

export const appSecret = 'app-secret-of-the-tests-0123456789abcdef';
export const signingKey = 'audit-signing-key-of-the-tests-0123456789';
const log = createLogger({ app: 'test', level: 'silent' });
const timings = { checkEveryMs: 50, rows: 1, afterMs: 0, retryEveryMs: 5_000, anchorEveryMs: 50 };
const digest = 'a'.repeat(64);
const action = 'dm.bulk_send';
const person = 'telegram:42';

export interface Keys {
  key?: string;
  previous?: string;
}

interface Place {
  data: string;
  anchor: string;
}

/** What the database says of a call: the result of the function, or the SQLSTATE of its refusal. */
type Said = Promise<string>;

export interface TestPlane {
  stores: FolderStores;
  /** Waits until the auditor has compared the database; gives the code of its hold, or `free`. */
  settled(): Promise<string>;
  hold(): Promise<{ code: string; reason: string } | null>;
  /** Asks for an approval. @returns its id */
  ask(): Promise<string>;
  decide(id: string, decision: 'approved' | 'rejected'): Said;
  redeem(id: string): Said;
  stopAll(scope: string): Said;
  lift(scope: string): Said;
  state(id: string): Promise<string>;
  stopped(): Promise<string[]>;
  /** Whether a checkpoint names another key. */
  isRotated(): Promise<boolean>;
  accept(options?: { newKey?: boolean }): Promise<Record<string, unknown>>;
  /** Waits until the anchor names all that is in the database. */
  anchored(): Promise<void>;
  /** When the server was started. */
  serverStart(): Promise<string>;
  /** Whether anything but a start of the server has held this plane since the data was put there. */
  heldEver(): Promise<boolean>;
  stopAuditor(): Promise<void>;
  /** Another auditor in the place of this one. */
  restartAuditor(keys?: Keys): Promise<void>;
  stop(): Promise<void>;
}

/** A folder in which a plane keeps its data, with its anchor beside. */
export async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'actp-copy-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  const anchor = join(folder, 'anchor.json');
  let migrate = true;
  return {
    data,
    anchor,
    /** Copies the stopped plane's data, or a part of it, and gives what puts the copy back. */
    async keep(): Promise<(part?: 'postgres' | 'redis') => Promise<void>> {
      const kept = join(folder, randomUUID());
      await cp(data, kept, { recursive: true, preserveTimestamps: true });
      return async (part) => {
        const [from, to] = part === undefined ? [kept, data] : [join(kept, part), join(data, part)];
        await rm(to, { recursive: true, force: true });
        await cp(from, to, { recursive: true, preserveTimestamps: true });
      };
    },
    /** @param at where its data and its anchor have been moved to */
    async start(keys: Keys = {}, at: Partial<Place> = {}): Promise<TestPlane> {
      const place = { data, anchor, ...at };
      const stores = await openFolderStores(place.data, { appSecret, migrate });
      migrate = false;
      return openPlane(stores, place, keys);
    },
  };
}

async function openPlane(stores: FolderStores, at: Place, keys: Keys): Promise<TestPlane> {
  const { sql } = stores;
  const env = ({ key = signingKey, previous }: Keys) => ({
    ...stores.env,
    REDIS_CLUSTER_NODES: [] as [],
    REDIS_SENTINELS: [] as [],
    REDIS_SENTINEL_NAME: 'mymaster',
    REDIS_MIN_REPLICAS: undefined,
    DATABASE_APP_KEY: databaseAppKey(appSecret, 'auditor'),
    ACTP_DATA_DIR: at.data,
    ACTP_ANCHOR_FILE: at.anchor,
    AUDIT_SIGNING_KEY: key,
    AUDIT_SIGNING_KEY_PREVIOUS: previous,
    AUDIT_RETENTION_DAYS: 90,
    SCHEDULE_TZ: 'Europe/Berlin',
  });
  let auditor: RunningApp | undefined = await startAuditor(env(keys), log, timings);
  const stopAuditor = async () => {
    await auditor?.stop();
    auditor = undefined;
  };
  atEnd(stopAuditor);
  const value = async <T>(text: string, values: unknown[] = []): Promise<T> => {
    const { rows } = await sql.query<{ value: T }>(`select ${text} as value`, values);
    if (!rows[0]) throw new Error('a function always answers');
    return rows[0].value;
  };
  const said = async (text: string, values: unknown[]): Said => {
    try {
      return (await value<{ result: string }>(text, values)).result;
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error);
    }
  };
  const plane: TestPlane = {
    stores,
    hold: () => value('plane_hold()'),
    settled: () =>
      eventually(async () => {
        const anchored = await value<boolean>(`(select anchored_rows is not null from actp_audit.plane)`);
        const hold = await plane.hold();
        return anchored && hold?.code !== 'unconfirmed' && (hold?.code ?? 'free');
      }),
    async ask() {
      const request = {
        action,
        details: {},
        requested_by: 'agent-1',
        ttl_seconds: 86_400,
        grant_seconds: 86_400,
        action_digest: digest,
        payload_digest: digest,
        policy_version: 'v1',
      };
      const answer = await value<{ approval: { id: string } }>('request_approval($1, $2)', [
        request,
        { agent_id: 'agent-1' },
      ]);
      return answer.approval.id;
    },
    decide: (id, decision) =>
      said('decide_approval($1, $2, $3, $4, null, null, $5)', [id, decision, digest, person, {}]),
    redeem: (id) => said('redeem_approval($1, $2, $3)', [id, digest, { agent_id: 'agent-1' }]),
    stopAll: (scope) => said('set_kill_switch($1, $2, $3, $4)', [scope, 'a reason', person, {}]),
    lift: (scope) => said('lift_kill_switch($1, null, null, $2, $3)', [scope, person, {}]),
    state: (id) =>
      value(
        `(select case when redeemed_at is not null then 'redeemed' when lapsed_at is not null then 'lapsed' else status end
          from actp_approval_queue where id = $1)`,
        [id],
      ),
    stopped: () =>
      value(
        `(select coalesce(array_agg(scope order by scope), '{}') from actp_kill_switches where lifted_at is null)`,
      ),
    isRotated: () =>
      value(`(select exists (select from actp_audit.checkpoints where payload::jsonb ->> 'kind' = 'key'))`),
    accept: ({ newKey = false } = {}) =>
      value('accept_restored_plane($1, $2, false, $3)', ['system:tester', newKey, {}]),
    anchored: async () => {
      await eventually(async () => {
        const total = Number(await value('actp_audit.audit_total()'));
        const { payload } = JSON.parse(await readFile(at.anchor, 'utf8')) as { payload: string };
        return (JSON.parse(payload) as { total: number }).total === total;
      });
    },
    serverStart: () => value('pg_postmaster_start_time()::text'),
    heldEver: () =>
      value(`(select exists (select from actp_agent_audit_log where action_type = 'plane.held'))`),
    stopAuditor,
    async restartAuditor(next = {}) {
      await stopAuditor();
      auditor = await startAuditor(env(next), log, timings);
    },
    async stop() {
      await stopAuditor();
      await stores.stop();
    },
  };
  return plane;
}
