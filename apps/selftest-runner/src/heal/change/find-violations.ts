import type { Protection } from './protected-paths.ts';
import type { Change } from './tree.ts';

/** A change that no heal may make. */
export interface Violation {
  path: string;
  why: string;
}

// What git ignores is made by programs and is full of names; only what could change how tests run counts there.
const ignoredToo: ReadonlySet<string> = new Set([
  'an installed package',
  'how tests are run',
  'git',
  'a secret',
  'compiled code',
]);

/** What of the changes must not be, with the reason; empty when all may. */
export function findViolations(changes: readonly Change[], protection: Protection): Violation[] {
  return changes.flatMap((change) => {
    const why = reasonOf(change, protection);
    return why === null ? [] : [{ path: change.path, why }];
  });
}

function reasonOf({ path, before, after }: Change, protection: Protection): string | null {
  // Removed before anything is judged.
  if ([before, after].every((entry) => entry === null || entry.cache === true)) return null;
  const kept = before?.kept === true || after?.kept === true;
  const why = protection.of(path);
  if (why !== null && (kept || ignoredToo.has(why) || why.startsWith('protected by'))) return why;
  if (!kept) return null;
  // A link can lead out of the checkout, now or later.
  if (after?.type === 'link') return 'a symbolic link';
  if (after?.type === 'other') return 'not a regular file';
  if (before?.type === 'link') return 'a symbolic link';
  if (before !== null && after !== null && before.type !== after.type)
    return 'replaced by another type of file';
  // Set-user-id and the like.
  if (after !== null && (after.mode & 0o7000) !== 0) return 'special permissions';
  return null;
}
