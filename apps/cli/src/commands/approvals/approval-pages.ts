import { z } from 'zod';
import { Approval } from '@actp/services/approvals/approval-schema';
import { CliError } from '../../cli-error.ts';
import type { OperatorClient } from '../../gateway/operator-client.ts';

const Page = z.object({ approvals: z.array(Approval), next_cursor: z.string().nullable() });

// Of those that are over only the newest are looked through.
const mostPages = 10;

/** All that are pending, those first that expire first. */
export async function pendingApprovals(client: OperatorClient): Promise<Approval[]> {
  const found = new Map<string, Approval>();
  // While pages are read the list changes: an approval may be on two of them.
  for await (const approval of pages(client, 'status=pending&')) found.set(approval.id, approval);
  return [...found.values()].toSorted((a, b) => a.expires_at.localeCompare(b.expires_at));
}

async function* pages(client: OperatorClient, query: string, most = Infinity): AsyncGenerator<Approval> {
  let cursor: string | null = '';
  for (let page = 0; cursor !== null && page < most; page += 1) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const read: z.output<typeof Page> = await client.get(`/v1/approvals?${query}limit=100${from}`, Page);
    yield* read.approvals;
    cursor = read.next_cursor;
  }
}

const uuidLength = 36;
const shortest = 4;

/**
 * The id that begins like this: of a pending approval, else of one that is over.
 *
 * @throws CliError when it is no beginning of an id, of none, or of several
 */
export async function findApproval(client: OperatorClient, given: string): Promise<string> {
  const prefix = given.trim().toLowerCase();
  if (!/^[\da-f-]+$/.test(prefix) || prefix.length < shortest || prefix.length > uuidLength) {
    throw new CliError(`An id is needed, or at least its first ${shortest} characters.`, { usage: true });
  }
  if (prefix.length === uuidLength) return prefix;
  const pending = (await pendingApprovals(client)).map(({ id }) => id);
  const matches = pending.filter((id) => id.startsWith(prefix));
  if (matches.length === 0) {
    for await (const { id } of pages(client, '', mostPages)) if (id.startsWith(prefix)) matches.push(id);
  }
  const [id, ...others] = new Set(matches);
  if (id === undefined) {
    throw new CliError(
      `No approval's id begins with ${prefix}.\nSee what is pending: npm run approvals -- list`,
      { exitCode: 1 },
    );
  }
  if (others.length === 0) return id;
  throw new CliError(
    [`Several ids begin with ${prefix}; give more of the one that you mean:`, id, ...others].join('\n  '),
    { exitCode: 1 },
  );
}
