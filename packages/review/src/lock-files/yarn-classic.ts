import { isRegistryTarball } from './registry-tarball.ts';
import { LockFileError, lockedPackage, originOf, type LockedPackage, type Origin } from './lock-file.ts';
import type { Notes } from './notes.ts';
import { noteCutOff, otherName, patternOf, type Pattern } from './yarn-patterns.ts';

interface Entry {
  patterns: readonly Pattern[];
  values: Map<string, string>;
}

const broken = () => new LockFileError('is not a lock file of Yarn 1');

/**
 * yarn.lock of Yarn 1. The format is one of its own, and its parser (@yarnpkg/lockfile) has not been released since 2018; the few kinds of lines
 * that there are are read as they are, and every other one is refused. @throws LockFileError
 */
export function readYarnClassicLock(text: string, notes: Notes): LockedPackage[] {
  const entries: Entry[] = [];
  const needed = new Set<string>();
  let block = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const entry = entries.at(-1);
    const [, indent = '', first = '', second] =
      /^( *)("(?:[^"\\]|\\.)*"|[^\s":,]+)(?: +("(?:[^"\\]|\\.)*"|[^\s"]+)|:)$/.exec(line) ?? [];
    if (!line.startsWith(' ')) {
      entries.push({ patterns: patternsOf(line), values: new Map() });
      block = '';
    } else if (entry === undefined || first === '') throw broken();
    else if (indent.length === 2 && second === undefined) block = unquoted(first);
    else if (indent.length === 2) {
      entry.values.set(unquoted(first), unquoted(second ?? ''));
      block = '';
    } else if (indent.length !== 4 || second === undefined || block === '') throw broken();
    else if (/^(?:optionalD|d)ependencies$/.test(block)) needed.add(unquoted(first));
  }
  if (entries.length === 0 && !text.includes('# yarn lockfile v1')) throw broken();
  const names = new Set(entries.flatMap(({ patterns }) => patterns.map(({ name }) => name)));
  noteCutOff(names, needed, text, notes);
  const packages = entries.map((entry) => ({ entry, found: toPackage(entry, notes) }));
  notes.requests(() =>
    packages.flatMap(({ entry: { patterns }, found: { name, version } }) =>
      patterns.map(
        (pattern) => [['pattern', pattern.range], { asked: pattern.name, name, version }] as const,
      ),
    ),
  );
  return packages.map(({ found }) => found);
}

// They are the strings of JSON.
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    throw broken();
  }
}

// `"@scope/name@^1.0.0", name@npm:other@1:`
function patternsOf(line: string): Pattern[] {
  const words = /^((?:"(?:[^"\\]|\\.)*"|[^\s",][^\s",]*?)(?:, (?:"(?:[^"\\]|\\.)*"|[^\s",]+?))*):$/.exec(
    line,
  )?.[1];
  if (words === undefined) throw broken();
  return [...words.matchAll(/"(?:[^"\\]|\\.)*"|[^\s",]+/g)].map(([word]) => patternOf(unquoted(word)));
}

function toPackage({ patterns, values }: Entry, notes: Notes): LockedPackage {
  const [first] = patterns;
  const name = first?.meant ?? '';
  const version = values.get('version') ?? null;
  if (version === null) notes.odd('version');
  const written = values.get('resolved') ?? null;
  const folder = originOf(first?.range ?? '') === 'file' ? (first?.range ?? null) : null;
  const resolved = written ?? folder;
  return lockedPackage({
    ecosystem: 'npm',
    name,
    version,
    origin: originOfAddress(resolved),
    resolved,
    standsFor: otherName(name, patterns),
    // Files of the first years have SHA-1 behind the address.
    integrity: values.get('integrity') ?? /\.tgz#([\da-f]{40})$/.exec(written ?? '')?.[1] ?? null,
  });
}

function originOfAddress(address: string | null): Origin {
  if (address === null || isRegistryTarball(address)) return 'registry';
  const origin = originOf(address);
  // The archive of an offline mirror.
  return origin === 'registry' ? 'file' : origin;
}
