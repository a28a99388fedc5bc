import { rowOf, textOf, type Row } from '../json.ts';
import type { LockedPackage } from '../lock-files/lock-file.ts';
import { fetchJson, type Fetched } from '../registry/fetch-json.ts';

const atOnce = 8;
// For a lock file that is new as a whole; what is left is named as not known.
const withinMs = 60_000;
const installScripts = ['preinstall', 'install', 'postinstall'];

export interface RegistryAccess {
  /** Its address, without a slash at the end. */
  registry: string;
  signal: AbortSignal;
}

export interface RegistryFacts {
  /** The package with what the registry knows and the lock file may not say: when it was published, whether it runs a script. */
  fill(entry: LockedPackage): LockedPackage;
  /** Why nothing is known of it; undefined when something is, or when no registry of npm is concerned. */
  missing(entry: LockedPackage): string | undefined;
}

/**
 * Asks the registry of npm about packages, once for each name.
 *
 * @param access undefined: nothing is asked
 */
export async function registryFacts(
  entries: readonly LockedPackage[],
  access: RegistryAccess | undefined,
): Promise<RegistryFacts> {
  const names = new Set(entries.filter(concerned).map(({ name }) => name));
  const documents = access === undefined ? new Map<string, Fetched>() : await fetchAll([...names], access);
  return {
    fill(entry) {
      const document = concerned(entry) ? documents.get(entry.name) : undefined;
      return document?.ok === true ? withFacts(entry, rowOf(document.value)) : entry;
    },
    missing(entry) {
      if (!concerned(entry)) return undefined;
      const document = documents.get(entry.name);
      if (document === undefined) return 'the registry was not asked';
      if (!document.ok) return document.reason;
      const known = rowOf(rowOf(document.value)['versions'])[entry.version ?? ''];
      return known === undefined ? 'the registry does not have this version' : undefined;
    },
  };
}

const concerned = ({ ecosystem, origin, version }: LockedPackage) =>
  ecosystem === 'npm' && origin === 'registry' && version !== null;

async function fetchAll(
  names: string[],
  { registry, signal }: RegistryAccess,
): Promise<Map<string, Fetched>> {
  const documents = new Map<string, Fetched>();
  const until = performance.now() + withinMs;
  let away: Fetched | undefined;
  const work = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const path = encodeURIComponent(name).replace(/^%40/, '@');
      const fetched = away ?? (await fetchJson(`${registry}/${path}`, 'application/json', signal));
      if (!fetched.ok && fetched.away) away = fetched;
      else if (performance.now() > until) away = { ok: false, reason: 'there was no more time', away: true };
      documents.set(name, fetched);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return documents;
}

function withFacts(entry: LockedPackage, document: Row): LockedPackage {
  const version = entry.version ?? '';
  const time = textOf(rowOf(document['time'])[version]);
  const manifest = rowOf(document['versions'])[version];
  const published = time === null || Number.isNaN(Date.parse(time)) ? null : time;
  return {
    ...entry,
    published: entry.published ?? published,
    // A lock file that says no is believed as far as the registry agrees.
    hasScript:
      manifest === undefined ? entry.hasScript : entry.hasScript === true || runsScript(rowOf(manifest)),
  };
}

function runsScript(manifest: Row): boolean {
  const scripts = rowOf(manifest['scripts']);
  // npm builds what has such a file, without a script that says so.
  return (
    manifest['hasInstallScript'] === true ||
    manifest['gypfile'] === true ||
    installScripts.some((name) => textOf(scripts[name]) !== null)
  );
}
