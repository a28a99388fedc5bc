import { posix } from 'node:path';

/** A path as a lock file names it, without what marks it as one. */
const plainPath = (address: string): string =>
  address.replace(/^(?:file|link|portal|exec):(?:\/\/(?=\/))?/i, '').replaceAll('\\', '/');

/**
 * A path of a lock file, relative to the project's folder; it begins with `..` or `/` where it leaves that.
 *
 * @param from the folder that it counts from, relative to the project's
 */
export function projectPath(from: string, address: string): string {
  const path = plainPath(address);
  if (/^(?:\/|~|[A-Za-z]:)/.test(path)) return posix.join('/', path);
  return posix.join(from, path).replace(/(?<=.)\/$/, '');
}

/** Whether a path of `projectPath` is that of something elsewhere: it is whatever somebody puts there. */
export const leavesProject = (path: string): boolean => /^(?:\.\.(?:\/|$)|\/)/.test(path);
