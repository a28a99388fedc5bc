import { z } from 'zod';
import { listAuditEvents } from '@actp/db/audit/list-events';
import type { Db } from '@actp/db/client';
import { pastRequest, type PastRequests } from './past-request.ts';

const pageSize = 500;
const Page = z.array(z.looseObject({ id: z.int(), created_at: z.string() }));

/** The last guard requests out of the audit log of the running plane. */
export async function requestsFromLog(db: Db, last: number): Promise<PastRequests> {
  const past: PastRequests = { requests: [], unknown: 0, source: 'of the audit log' };
  let before: { at: string; id: number } | undefined;
  for (let left = last; left > 0;) {
    const limit = Math.min(left, pageSize);
    const filter = { action_type: 'guard.decide' };
    const page = Page.parse(await listAuditEvents(db, { filter, before, limit }));
    for (const event of page) {
      const read = pastRequest(event);
      if (read === 'unknown') past.unknown += 1;
      else if (read !== 'other') past.requests.push(read);
    }
    const end = page.at(-1);
    if (end === undefined || page.length < limit) break;
    before = { at: end.created_at, id: end.id };
    left -= page.length;
  }
  return past;
}
