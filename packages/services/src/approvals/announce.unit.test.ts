import { expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import type { Approval } from './approval-schema.ts';
import { createApprovalAnnouncer } from './announce.ts';

const id = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';

it('a changed approval is announced to those who wait, and queued once for each change; without a queue nothing fails', async () => {
  const told: string[] = [];
  const queued: unknown[] = [];
  const logged: string[] = [];
  const state = { away: false };
  const announce = createApprovalAnnouncer({
    hub: { announce: (one) => void told.push(one) },
    producer: {
      add: async (...job: unknown[]) => {
        if (state.away) throw new Error('away');
        queued.push(job);
      },
    } as unknown as Parameters<typeof createApprovalAnnouncer>[0]['producer'], // nothing else is used
    log: createLogger({
      app: 'test',
      level: 'info',
      destination: { write: (line) => void logged.push(line) },
    }),
  });
  announce({ id, version: 3 } as Approval); // nothing else is read
  state.away = true;
  announce({ id, version: 4 } as Approval);
  await new Promise(setImmediate);
  expect(told).toEqual([id, id]);
  expect(queued).toEqual([['sync-approval', { approval_id: id }, { jobId: `approval-${id}-3` }]]);
  expect(logged).toHaveLength(1);
  expect(JSON.parse(logged[0] ?? '')).toMatchObject({ level: 'warn', approval_id: id });
});
