import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import type { Stores } from '@actp/testing/stores';
import { startAuditor } from './auditor.ts';

/** An auditor on stores, its anchor in a folder of its own, and a producer of its jobs; all of it ends with the test file. */
export async function openAuditor(stores: Stores, timings?: Parameters<typeof startAuditor>[2]) {
  const folder = await mkdtemp(join(tmpdir(), 'actp-auditor-'));
  const anchor = join(folder, 'anchor.json');
  const log = createLogger({ app: 'test', level: 'silent' });
  const producer = createProducer({ redis: stores.env, log });
  atEnd(async () => {
    await producer.close();
    await rm(folder, { recursive: true, force: true });
  });
  await eventually(() => producer.ping().then(() => true));
  const env = {
    ...stores.env,
    ACTP_DATA_DIR: join(folder, 'data'),
    ACTP_ANCHOR_FILE: anchor,
    AUDIT_SIGNING_KEY: 'audit-signing-key-of-the-tests-0123456789',
    AUDIT_RETENTION_DAYS: 90,
    SCHEDULE_TZ: 'UTC',
  };
  const { stop } = await startAuditor(env, log, timings);
  atEnd(() => stop());
  return { anchor, producer, stop };
}
