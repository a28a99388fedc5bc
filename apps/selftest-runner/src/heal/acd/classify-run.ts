import type { AcdStatus } from './acd-client.ts';

/** What is known about the run that we have asked for. */
export interface KnownRun {
  /** As the status read before we asked. */
  before: AcdStatus | null;
  pid: number | null;
  startedAt: string | null;
  /** Whether ACD has confirmed the start; false when its answer was lost. */
  certain: boolean;
  /** Whether it was seen at work since. */
  seen: boolean;
}

const active: ReadonlySet<string> = new Set(['running', 'stopping', 'paused']);
const over: ReadonlySet<string> = new Set(['completed', 'failed', 'error']);

export const isActive = ({ status }: AcdStatus): boolean => status !== null && active.has(status);

/**
 * Tells from a status whether our run is still under way. A status of the run before, or one that was not written yet, is
 * not believed until `graceSeconds` after the start; how a run ended is of no interest, since only the tests say what it did.
 */
export function classifyRun(
  known: KnownRun,
  now: AcdStatus,
  { secondsSinceSent, graceSeconds }: { secondsSinceSent: number; graceSeconds: number },
): 'working' | 'ended' | 'unsure' {
  if (isActive(now)) {
    // Another process is at work: ours is over. When ours was never seen, it may be ours under another number.
    return known.seen && isOther(known, now) ? 'ended' : 'working';
  }
  // Nothing, or a word that we do not know: it may be at work.
  if (now.status === null || !(over.has(now.status) || now.status === 'idle')) return 'unsure';
  if (known.seen) return 'ended';
  if (over.has(now.status) && isNew(known, now)) return 'ended';
  return secondsSinceSent >= graceSeconds ? 'ended' : 'unsure';
}

/** Whether this status can be of no other run than ours: then, and only then, may it be stopped. */
export function isProvablyOurs(known: KnownRun, now: AcdStatus): boolean {
  return (
    known.certain && isActive(now) && known.pid !== null && now.pid === known.pid && !isOlder(known, now)
  );
}

/** Whether this status names another process than the one that ACD gave us. */
export function isOther({ pid }: KnownRun, now: AcdStatus): boolean {
  return pid !== null && now.pid !== null && now.pid !== pid;
}

function isNew(known: KnownRun, now: AcdStatus): boolean {
  if (isOther(known, now)) return false;
  if (isOlder(known, now)) return false;
  if (known.pid !== null && now.pid === known.pid) return true;
  return now.lastUpdate !== null && now.lastUpdate !== known.before?.lastUpdate;
}

// Both times are ACD's own.
function isOlder({ startedAt }: KnownRun, { lastUpdate }: AcdStatus): boolean {
  if (startedAt === null || lastUpdate === null) return false;
  const [began, updated] = [Date.parse(startedAt), Date.parse(lastUpdate)];
  return Number.isFinite(began) && Number.isFinite(updated) && updated < began - 1_000;
}
