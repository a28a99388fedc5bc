import { isInside } from './is-inside.ts';

/** A place where something is mounted. */
export interface MountPoint {
  path: string;
  /** As mount takes them: `rw,nosuid,nodev,relatime`. */
  options: string;
  /** What of its file system is mounted there. */
  root: string;
}

/**
 * Reads /proc/self/mountinfo. Of several mounts at one place the last is the visible one.
 *
 * @param text its content
 */
export function parseMountTable(text: string): MountPoint[] {
  const points = new Map<string, MountPoint>();
  for (const line of text.split('\n')) {
    const [, , , root, at, options] = line.split(' ');
    if (root === undefined || at === undefined || options === undefined) continue;
    const path = unescapeOctal(at);
    points.set(path, { path, options, root: unescapeOctal(root) });
  }
  return [...points.values()];
}

/**
 * The options that make such a mount read-only and change nothing else: where the mount came from outside of a user namespace, the
 * kernel refuses to clear any of them. It keeps what is not said about access times.
 */
export function readOnlyOptions(options: string): string {
  return ['ro', ...options.split(',').filter((option) => kept.has(option))].join(',');
}

const kept = new Set(['nosuid', 'nodev', 'noexec', 'nosymfollow', 'noatime', 'nodiratime', 'relatime']);

/** The innermost mount that holds this path. */
export function mountAround(mounts: readonly MountPoint[], path: string): MountPoint | undefined {
  return mounts
    .filter((point) => isInside(path, point.path))
    .toSorted((a, b) => a.path.length - b.path.length)
    .at(-1);
}

/** As the mount table writes a path. */
export const escapeOctal = (path: string) =>
  path.replaceAll(/[ \t\n\\]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`);

// Blank, tab, newline and backslash are written as three octal digits.
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 8)),
  );
}
