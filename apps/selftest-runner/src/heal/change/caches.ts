// What tools fill by themselves and fill again, whatever git says; nobody keeps source there.
const always = new Set([
  '__pycache__',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.hypothesis',
  '.vite',
  '.vite-temp',
  '.vitest',
  '.nyc_output',
  '.turbo',
]);
// Names that also stand for other things: a cache where git ignores it.
const whereIgnored = new Set(['.cache', 'coverage', 'htmlcov']);

/** Whether a directory of this name can be a cache. */
export const soundsLikeCache = (name: string): boolean => always.has(name) || whereIgnored.has(name);

/**
 * Whether a directory is a cache: filled by every run of the tests, so that what is new there is no change of the source, and
 * must be no part of what is judged either.
 *
 * @param given.installed it lies among installed packages
 * @param given.source whether git has something below it, or would take it; `null` where nobody knows
 */
export function isCache(
  path: string,
  given: { installed: boolean; source: 'tracked' | 'untracked' | 'none' | null },
): boolean {
  const [name = '', parent] = path.split('/').toReversed();
  if (given.installed) return name === '__pycache__' || (parent === 'node_modules' && soundsLikeCache(name));
  if (given.source === 'tracked') return false;
  return always.has(name) || (whereIgnored.has(name) && given.source === 'none');
}
