import { expect, it } from 'vitest';
import { broken, openHealBench, repaired } from './heal.fixture.ts';

const bench = await openHealBench();
const { sql } = bench.stores;
// In parts, so that no scanner takes it for a leak.
const secret = `${['gh', 'p_'].join('')}Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv0001`;
const test = `import unittest
from calc import add
class Calc(unittest.TestCase):
    def test_${secret}(self):
        self.assertEqual(add(2, 3), 5)
`;

async function arrange(): Promise<void> {
  await bench.makeCheckout();
  await bench.write('test_calc.py', test);
  await bench.git('commit', '-q', '-a', '-m', 'one test');
  await bench.configure({ suites: [bench.suite()] });
}

/** Everything that was written down, or is kept of jobs. */
async function written(): Promise<string> {
  const { rows } = await sql.query<{ all: string }>(
    `select concat((select string_agg(t::text, '') from actp_heals t), (select string_agg(t::text, '') from actp_agent_health_snapshots t),
       (select string_agg(t::text, '') from actp_notifications t)) as all`,
  );
  const jobs: string[] = [];
  for (const key of await bench.stores.redis.keys('*heal*')) {
    if ((await bench.stores.redis.type(key)) !== 'hash') continue;
    jobs.push(JSON.stringify(await bench.stores.redis.hgetall(key)));
  }
  return [rows[0]?.all, ...jobs].join('\n');
}

it('[SEC-020] a change is refused, and nothing says the secrets in the names of its files and tests', async () => {
  await arrange();
  bench.work(async () => {
    await bench.write('calc.py', repaired);
    await bench.write(`${secret}.py`, broken);
    await bench.write(`.github/workflows/${secret}.yml`, 'on: push\n');
  });
  await bench.startHealer();
  const { heal } = await bench.healed();
  expect(heal).toMatchObject({
    state: 'not_healed',
    reason: expect.stringMatching(/protected files: "?\.github\/workflows\/\[redacted/),
  });
  const all = await written();
  expect(all).toContain('protected files');
  expect(all).toContain('[redacted:github-pat');
  expect(all).not.toContain(secret);
});

it('[SEC-020] an error ends a heal, and its reason holds no secret', async () => {
  await arrange();
  await sql.query(`
    create function fail_at_verify() returns trigger language plpgsql as $$ begin
      raise exception 'broken by ${secret}';
    end $$;
    create trigger fail_at_verify before update on actp_heals for each row
      when (new.step = 'verify' and old.step = 'wait') execute function fail_at_verify()`);
  bench.work(() => bench.write('calc.py', repaired));
  await bench.startHealer();
  const { heal } = await bench.healed();
  await sql.query('drop function fail_at_verify cascade');
  expect(heal).toMatchObject({
    state: 'not_healed',
    reason: expect.stringMatching(/it failed with an error: broken by \[redacted/),
  });
  expect(await bench.read('calc.py')).toBe(broken);
  expect(await written()).not.toContain(secret);
});
