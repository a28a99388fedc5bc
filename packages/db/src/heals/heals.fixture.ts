import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { HealEvent, HealPhase } from '@actp/shared/heals/state';

export interface HealRow {
  id: string;
  run_id: string;
  step: 'queued' | 'prepare' | 'start' | 'wait' | 'verify' | 'report';
  state: 'queued' | 'running' | 'healed' | 'not_healed' | 'skipped';
  holds_acd: boolean;
  attempted_at: string | null;
  sent_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  facts: object;
}

const holder = 'worker-1';
const noLimits = { max_attempts_per_day: 0, same_failure_hours: 0, breaker_failures: 0 };

/** How each phase is reached from `queued`. */
export const pathTo: Record<HealPhase, HealEvent[]> = {
  queued: [],
  prepare: ['claim'],
  start: ['claim', 'prepare'],
  sent: ['claim', 'prepare', 'send'],
  wait: ['claim', 'prepare', 'send', 'start'],
  verify: ['claim', 'prepare', 'send', 'start', 'end'],
  healed: ['claim', 'prepare', 'send', 'start', 'end', 'heal'],
  not_healed: ['claim', 'fail'],
  skipped: ['skip'],
};

/** The SQL functions as a worker calls them. */
export function healCalls(sql: pg.Pool) {
  // A call that is refused changes nothing; any other error is a fault.
  const call = async (text: string, values: unknown[]): Promise<void> => {
    await sql.query(`select ${text}`, values).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === '22023') return;
      throw error;
    });
  };
  const move = (id: string, step: string, by = holder) =>
    call('move_heal($1, $2, $3, $4)', [id, by, step, {}]);
  const finish = (id: string, state: string, by = holder) =>
    call('finish_heal($1, $2, $3, $4, $5, $6)', [id, by, state, 'because', {}, noLimits]);

  const perform: Record<HealEvent, (id: string, by?: string) => Promise<void>> = {
    claim: (id, by = holder) => call('claim_heal($1, $2, $3)', [id, by, noLimits]),
    prepare: (id, by) => move(id, 'start', by),
    send: (id, by = holder) => call('intend_heal_start($1, $2, $3)', [id, by, null]),
    unsend: (id, by = holder) => call('forget_heal_start($1, $2)', [id, by]),
    start: (id, by = holder) => call('record_heal_start($1, $2, $3, $4)', [id, by, { certain: true }, 60]),
    end: (id, by) => move(id, 'verify', by),
    heal: (id, by) => finish(id, 'healed', by),
    fail: (id, by) => finish(id, 'not_healed', by),
    skip: (id, by) => finish(id, 'skipped', by),
  };

  return {
    perform,
    move,
    /** Opens one heal, in place of all there are: one at a time holds the coding agent. */
    async open(): Promise<string> {
      await sql.query('truncate actp_heals, actp_leases');
      const runId = randomUUID();
      await sql.query('select acquire_lease($1, $2, 3600)', [`heal:${runId}`, holder]);
      const { rows } = await sql.query<{ heals: HealRow[] }>(
        'select open_heals($1, $2, $3, $4, $5, $6) as heals',
        [
          runId,
          holder,
          'plane',
          'plane',
          JSON.stringify([{ suite: 'unit', fingerprint: 'f', skip: null }]),
          'there is nothing to heal',
        ],
      );
      const id = rows[0]?.heals[0]?.id;
      if (id === undefined) throw new Error('no heal was opened');
      return id;
    },
    /** The columns alone: `read_heal` adds what changes with the clock. */
    async read(id: string): Promise<HealRow> {
      const { rows } = await sql.query<{ h: HealRow }>(
        'select to_jsonb(h) as h from actp_heals h where id = $1',
        [id],
      );
      if (!rows[0]) throw new Error('the heal is gone');
      return rows[0].h;
    },
  };
}
