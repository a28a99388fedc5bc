/**
 * Says why a glob cannot protect anything, so that nobody believes it does; null when it can.
 *
 * Known are `*` and `?` within a name, `**` over directories, `[abc]`, `[a-z]`, `[!abc]` and `{one,two}`.
 */
export function globProblem(glob: string): string | null {
  const shown = JSON.stringify(glob.slice(0, 80));
  const bad = (why: string) => `${shown} ${why}`;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(glob)) return bad('must not contain control characters');
  if (glob.trim() !== glob || glob === '') return bad('must not begin or end with a space');
  if (glob.startsWith('!')) return bad('must not begin with "!": nothing can be taken out of protection');
  if (glob.startsWith('/') || /^[A-Za-z]:/.test(glob)) return bad('must be relative to the repository');
  if (glob.includes('\\')) return bad('must not contain a backslash');
  if (glob.split('/').some((part) => part === '..' || part === '.'))
    return bad('must not contain "." or ".."');
  if (glob.includes('//')) return bad('must not contain an empty name');
  if (/[@+?*!]\(/.test(glob)) return bad('must not use "(...)" patterns, which are not known');
  if (glob.split('/').some((part) => part.includes('**') && part !== '**')) {
    return bad('must have "**" as a whole name');
  }
  if ((glob.match(/\*/g) ?? []).length > 20) return bad('must have at most 20 "*"');
  try {
    sourceOf(glob);
    return null;
  } catch (error) {
    return bad(error instanceof GlobError ? error.message : 'is not a glob');
  }
}

class GlobError extends Error {}

/**
 * Whether a path is meant: itself, or a directory above it. A glob without a slash means a name at any depth. Case does
 * not matter, as on the disks of many machines.
 *
 * @param glob one that `globProblem` has nothing against
 * @returns takes a path relative to the repository, with slashes
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const anywhere = !glob.replace(/\/$/, '').includes('/');
  const pattern = new RegExp(
    `^${anywhere ? '(?:.*/)?' : ''}${sourceOf(glob.replace(/\/$/, ''))}(?:/.*)?$`,
    'isu',
  );
  return (path) => pattern.test(path);
}

function sourceOf(glob: string): string {
  let source = '';
  let braces = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob[at] ?? '';
    if (char === '*' && glob[at + 1] === '*') {
      // `a/**/b` is also `a/b`; at the end it is everything below.
      if (glob[at + 2] === '/') [source, at] = [`${source}(?:[^/]*/)*`, at + 2];
      else [source, at] = [`${source}.*`, at + 1];
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[') {
      const end = glob.indexOf(']', at + 2);
      const inside = glob.slice(at + 1, end);
      if (end < 0 || inside.includes('/') || !/^!?[\w.\- ]+$/.test(inside))
        throw new GlobError('has a "[" that is not closed, or holds more than letters, digits and ranges');
      source += `[${inside.replace(/^!/, '^')}]`;
      at = end;
    } else if (char === '{') {
      braces += 1;
      if (braces > 1) throw new GlobError('must not have "{" within "{"');
      source += '(?:';
    } else if (char === '}') {
      braces -= 1;
      if (braces < 0) throw new GlobError('has a "}" without "{"');
      source += ')';
    } else if (char === ',' && braces > 0) source += '|';
    else if (char === ']') throw new GlobError('has a "]" without "["');
    else source += char.replace(/[$()+.^|]/, '\\$&');
  }
  if (braces > 0) throw new GlobError('has a "{" that is not closed');
  try {
    return new RegExp(source, 'iu').source;
  } catch {
    throw new GlobError('has a range that runs backwards');
  }
}
