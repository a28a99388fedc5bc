import type pg from 'pg';
import { context, withOperators } from './approvals.fixture.ts';

interface SwitchAnswer {
  result: string;
  switch?: { id: string; scope: string; reason: string; since: string; set_by: string };
}

/** The functions of the kill switch as a process would call them, straight. */
export function killSwitchCalls(sql: pg.Pool) {
  // Nothing is waited for once they are there: calls go out in the order in which they are made.
  let there = false;
  const operators = withOperators(sql)().then(() => (there = true));
  const call = async <T>(text: string, values: unknown[]): Promise<T> => {
    if (!there) await operators;
    const { rows } = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
    if (!rows[0]) throw new Error('a function always answers');
    return rows[0].answer;
  };
  return {
    set: (scope: string, reason = 'test', actor = 'operator:a@b.c') =>
      call<SwitchAnswer>('set_kill_switch($1, $2, $3, $4)', [scope, reason, actor, context]),
    lift: (scope: string, id: string | null = null, actor = 'operator:a@b.c') =>
      call<SwitchAnswer>('lift_kill_switch($1, $2, null, $3, $4)', [scope, id, actor, context]),
    blocks: (agent: string | null, action: string | null) =>
      call<{ scope: string; reason: string; since: string } | null>('actp_kill_switch_blocks($1, $2)', [
        agent,
        action,
      ]),
    active: () => call<Array<{ scope: string }>>('active_kill_switches()', []),
  };
}
