import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { answerAfterWaiting } from '../waits.fixture.ts';
import { peopleOn } from './people.fixture.ts';

const { sql } = await openDatabase();
const { call, person } = peopleOn(sql);
const disable = `select change_operator($1, null, true, $2, '{}')`;

it('[TRU-003] of two operators who disable each other at the same moment one stays', async () => {
  const [one, two] = [await person(), await person()];
  await person();
  const second = answerAfterWaiting(sql, { lock: [disable, two.id, one.http] }, () =>
    call(`change_operator($1, null, true, $2, '{}')`, [one.id, two.http]),
  );
  await expect(second).rejects.toThrow('may act');
  const { rows } = await sql.query<{ id: string }>(
    'select id from actp_users where disabled_at is null and id = any ($1)',
    [[one.id, two.id]],
  );
  expect(rows).toEqual([{ id: one.id }]);
});
