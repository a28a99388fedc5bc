import { expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { auditLog, events } from './audit.fixture.ts';
import { writeAuditEvents } from './write-events.ts';

const stores = await openStores();
const log = auditLog(stores);
const million = 1_000_000;
const batch = 500;
const writers = 4;

it('finds nothing in a million rows that nobody touched, and one changed letter among them', async () => {
  await Promise.all(
    Array.from({ length: writers }, async () => {
      for (let n = 0; n < million / batch / writers; n += 1) await writeAuditEvents(log.db, events(batch));
    }),
  );
  await log.sign();
  expect(await log.verify({ chunk: 50_000 })).toMatchObject({ ok: true, first_bad: null, checked: million });
  const { lane, seq } = await log.somewhere();
  await log.tamper((owner) =>
    owner.query(
      `update actp_agent_audit_log set agent_id = agent_id || '.' where chain_lane = $1 and chain_seq = $2`,
      [lane, seq],
    ),
  );
  expect(await log.verify({ chunk: 50_000 })).toMatchObject({ ok: false, first_bad: { lane, seq } });
});
