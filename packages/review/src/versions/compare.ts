import { compare as comparePep440, valid as validPep440 } from '@renovatebot/pep440';
import { compare as compareSemver, parse as parseSemver } from 'semver';
import type { Ecosystem } from '../lock-files/lock-file.ts';

/** The order of versions by the rules of an ecosystem. */
export interface VersionRules {
  isValid(version: string): boolean;
  /** Of two valid ones: below zero when the first is the older. */
  compare(a: string, b: string): number;
}

// Longer ones are not versions, and take long to read.
const longest = 256;

const semver: VersionRules = {
  isValid: (version) => version.length <= longest && parseSemver(version, { loose: true }) !== null,
  compare: (a, b) => compareSemver(a, b, { loose: true }),
};

const pep440: VersionRules = {
  isValid: (version) => version.length <= longest && validPep440(version) !== null,
  compare: (a, b) => comparePep440(a, b),
};

/** npm orders versions by semver, PyPI by PEP 440. */
export const versionRules: Readonly<Record<Ecosystem, VersionRules>> = { npm: semver, pip: pep440 };
