import { messageOf } from '@actp/shared/errors';
import { advisoryName } from '../audit/advisory-name.ts';
import { severityOf, vulnerability } from '../audit/vulnerability.ts';
import type { Observation } from '../findings/finding.ts';
import { couldNotLook, lookedExcept } from '../findings/source-review.ts';
import type { Ecosystem, LockedPackage } from '../lock-files/lock-file.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { packageName, readAdvisory, type Advisory } from './advisory.ts';
import { severityOfVectors } from './cvss.ts';
import { isAffected, rangeText } from './is-affected.ts';
import { osvFiles } from './osv-data.ts';

const source = 'osv';
// No tool of their own reads these, so that without OSV data nobody looks.
const formatsWithoutTool = ['yarn-classic', 'yarn-berry'];

/** Advisories of OSV_DATA against the lock files, by the version rules of each ecosystem; works without network. */
export const osv: Source<ProjectState> = {
  name: source,
  applies: ({ osvData, lockFiles }) =>
    osvData !== undefined || lockFiles.some(({ format }) => formatsWithoutTool.includes(format)),
  async review(state) {
    if (state.osvData === undefined) {
      return couldNotLook(source, 'OSV_DATA is not set, and no audit tool that is run here reads yarn.lock');
    }
    const wanted = wantedPackages(state);
    const observations = new Map<string, Observation>();
    const [reasons, known] = [new Set<string>(), new Set<Ecosystem>()];
    let unreadable = 0;
    try {
      for await (const text of osvFiles(state.osvData)) {
        state.signal.throwIfAborted();
        const advisory = text === undefined ? undefined : lookAt(text, wanted, known);
        if (advisory === undefined) unreadable += 1;
        else if (advisory !== null) match(advisory, wanted, observations, reasons);
      }
    } catch (error) {
      state.signal.throwIfAborted();
      return couldNotLook(source, `OSV_DATA cannot be read: ${messageOf(error)}`, [...observations.values()]);
    }
    for (const ecosystem of new Set(state.lockFiles.map((file) => file.ecosystem))) {
      if (!known.has(ecosystem)) reasons.add(`OSV_DATA has no advisory for ${ecosystem}`);
    }
    if (unreadable > 0) reasons.add(`${unreadable} files of OSV_DATA are no advisories`);
    return lookedExcept(source, [...observations.values()], [...reasons]);
  },
};

interface Wanted {
  entry: LockedPackage;
  path: string;
}

const keyOf = (ecosystem: Ecosystem, name: string) => `${ecosystem}\n${packageName(ecosystem, name)}`;

function wantedPackages({ lockFiles }: ProjectState): Map<string, Wanted[]> {
  const wanted = new Map<string, Wanted[]>();
  for (const { path, packages } of lockFiles) {
    for (const entry of packages) {
      const key = keyOf(entry.ecosystem, entry.name);
      const list = wanted.get(key);
      if (list === undefined) wanted.set(key, [{ entry, path }]);
      else list.push({ entry, path });
    }
  }
  return wanted;
}

const names = /"name"\s*:\s*"((?:[^"\\]|\\.)*)"/g;
const spelledOut: ReadonlyArray<[pattern: RegExp, ecosystem: Ecosystem]> = [
  [/"ecosystem"\s*:\s*"npm"/, 'npm'],
  [/"ecosystem"\s*:\s*"PyPI/, 'pip'],
];

// Most advisories are about packages that nobody here has: those are not read as JSON.
function lookAt(
  text: string,
  wanted: ReadonlyMap<string, Wanted[]>,
  known: Set<Ecosystem>,
): Advisory | null | undefined {
  for (const [pattern, ecosystem] of spelledOut) if (pattern.test(text)) known.add(ecosystem);
  const named = [...text.matchAll(names)].map(([, name = '']) => name);
  const mayConcern = named.some(
    (name) => name.includes('\\') || wanted.has(keyOf('npm', name)) || wanted.has(keyOf('pip', name)),
  );
  if (mayConcern || !text.trimEnd().endsWith('}')) return readAdvisory(text);
  return text.includes('"affected"') ? null : readAdvisory(text);
}

function match(
  advisory: Advisory,
  wanted: ReadonlyMap<string, Wanted[]>,
  found: Map<string, Observation>,
  reasons: Set<string>,
): void {
  for (const affected of advisory.affected) {
    for (const { entry, path } of wanted.get(`${affected.ecosystem}\n${affected.name}`) ?? []) {
      if (entry.version === null) {
        reasons.add(`${path} does not say which version of ${entry.name} it has`);
        continue;
      }
      const verdict = isAffected(affected, entry.version);
      if (verdict === undefined) reasons.add(`the version of ${entry.name} in ${path} cannot be compared`);
      if (verdict !== true) continue;
      const seen = vulnerability({
        advisory: advisoryName(advisory.ids),
        name: affected.name,
        version: entry.version,
        severity:
          advisory.severity === null ? severityOfVectors(advisory.vectors) : severityOf(advisory.severity),
        title: advisory.summary,
        range: rangeText(affected),
        path,
        malware: advisory.malware,
      });
      found.set(JSON.stringify([seen.kind, ...seen.about]), seen);
    }
  }
}
