import { eventually } from '@actp/testing/eventually';
import { expect, it } from 'vitest';
import { openHealBench } from './heal.fixture.ts';
import { stateSuite } from './state-suite.fixture.ts';

const bench = await openHealBench();
const { arrange } = stateSuite(bench);
const { sql } = bench.stores;

const isWaiting = () => bench.producer.use('heal', async (queue) => (await queue.getDelayedCount()) === 1);
const isTaken = async () => {
  const { rows } = await sql.query<{ holder: string }>(
    `select holder from actp_leases where name like 'heal:%'`,
  );
  return rows[0]?.holder === 'another';
};

it('[SEC-008] changes nothing in the checkout once another worker has taken over, and is undone by that one', async () => {
  await arrange();
  bench.work(() => bench.write('state.txt', 'worse\n'));
  // As soon as the verdict is there.
  await sql.query(`
    create function take_over() returns trigger language plpgsql as $$ begin
      update public.actp_leases set holder = 'another', expires_at = now() + interval '1 hour' where name like 'heal:%';
      return null;
    end $$;
    create trigger take_over after update on actp_heals for each row
      when (new.facts ? 'verdict' and not old.facts ? 'verdict') execute function take_over()`);
  await bench.startHealer();
  await eventually(async () => (await isTaken()) && (await isWaiting()));
  expect(await bench.read('state.txt')).toBe('worse\n');

  await sql.query(`drop function take_over cascade; update actp_leases set expires_at = now()`);
  expect((await bench.healed()).heal.state).toBe('not_healed');
  expect(await bench.read('state.txt')).toBe('bad\n');
});
