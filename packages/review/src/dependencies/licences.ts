import parse, { type Info } from 'spdx-expression-parse';
import type { Observation } from '../findings/finding.ts';
import { lookedExcept } from '../findings/source-review.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { installedPackages } from './installed-packages.ts';
import { labelOf } from './packages-of.ts';

const source = 'licences';

/** Licences that the rules do not allow; without a list of allowed ones nothing is judged. */
export const licences: Source<ProjectState> = {
  name: source,
  applies: ({ lockFiles, rules }) => lockFiles.length > 0 && rules.licences.allow.length > 0,
  async review(state) {
    const allowed = new Set(state.rules.licences.allow.map((licence) => licence.toLowerCase()));
    const observations: Observation[] = [];
    const reasons: string[] = [];
    for (const file of state.lockFiles) {
      const installed = await installedPackages(state.root, file);
      let unknown = 0;
      for (const entry of file.packages) {
        const licence = entry.licence ?? (await installed(entry))?.licence ?? null;
        if (licence === null && !entry.limited) unknown += 1;
        if (licence === null || isAllowed(licence, allowed)) continue;
        observations.push({
          kind: 'licence',
          severity: 'medium',
          package: entry.name,
          version: entry.version,
          path: file.path,
          title: `${labelOf(entry)} has the licence ${licence}, which is not allowed`,
          about: [entry.name, entry.version ?? '', licence],
        });
      }
      if (unknown > 0) reasons.push(`${file.path}: the licences of ${unknown} packages are not known`);
    }
    return lookedExcept(source, observations, reasons);
  },
};

/** Whether one of the ways to take the licence is allowed. What is no expression of SPDX has to be in the list as it stands. */
export function isAllowed(licence: string, allowed: ReadonlySet<string>): boolean {
  if (allowed.has(licence.toLowerCase())) return true;
  try {
    return holds(parse(licence), allowed);
  } catch {
    return false;
  }
}

function holds(info: Info, allowed: ReadonlySet<string>): boolean {
  if ('conjunction' in info) {
    const [left, right] = [holds(info.left, allowed), holds(info.right, allowed)];
    return info.conjunction === 'and' ? left && right : left || right;
  }
  const name = `${info.license}${info.plus === true ? '+' : ''}`;
  const whole = info.exception === undefined ? name : `${name} WITH ${info.exception}`;
  // An exception only ever allows more.
  return allowed.has(whole.toLowerCase()) || allowed.has(name.toLowerCase());
}
