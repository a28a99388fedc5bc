/** A place where something is mounted. */
export interface MountPoint {
  path: string;
  /** As mount takes them: `rw,nosuid,nodev,relatime`. */
  options: string;
}

/**
 * Reads /proc/self/mountinfo. Of several mounts at one place the last is the visible one.
 *
 * @param text its content
 */
export function parseMountTable(text: string): MountPoint[] {
  const points = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, , , , path, options] = line.split(' ');
    if (path === undefined || options === undefined) continue;
    points.set(unescapeOctal(path), options);
  }
  return [...points].map(([path, options]) => ({ path, options }));
}

/**
 * The options that make such a mount read-only and change nothing else: where the mount came from outside of a user namespace, the
 * kernel refuses to clear any of them. It keeps what is not said about access times.
 */
export function readOnlyOptions(options: string): string {
  return ['ro', ...options.split(',').filter((option) => kept.has(option))].join(',');
}

const kept = new Set(['nosuid', 'nodev', 'noexec', 'nosymfollow', 'noatime', 'nodiratime', 'relatime']);

// Blank, tab, newline and backslash are written as three octal digits.
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 8)),
  );
}
