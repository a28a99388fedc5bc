import { expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openDatabase } from '@actp/testing/stores';
import { healCalls } from './heals.fixture.ts';

const { sql } = await openDatabase();
const heals = healCalls(sql);
await sql.query(
  `insert into actp_users (email, password_hash, role) values ('op@example.com', 'x', 'operator')`,
);

it('[SEC-012] the coding agent is not started behind a kill switch that is being set', async () => {
  const id = await heals.open();
  await heals.perform.claim(id);
  await heals.perform.prepare(id);
  const operator = await sql.connect();
  try {
    await operator.query('begin');
    await operator.query(`select set_kill_switch('all', 'r', 'operator:op@example.com', '{}')`);
    let over = false;
    const sent = heals.perform.send(id).finally(() => {
      over = true;
    });
    await eventually(async () => {
      const { rows } = await sql.query(
        `select 1 from pg_locks l join pg_stat_activity a using (pid)
         where not l.granted and a.datname = current_database()`,
      );
      return over || rows.length > 0;
    });
    await operator.query('commit');
    await sent;
  } finally {
    operator.release();
  }
  expect(await heals.read(id)).toMatchObject({ sent_at: null, attempted_at: null });
});
