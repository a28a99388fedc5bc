import { compare as comparePep440, valid as validPep440 } from '@renovatebot/pep440';
import { compare as compareSemver, parse as parseSemver } from 'semver';
import type { Ecosystem } from '../lock-files/lock-file.ts';

/** The order of versions by the rules of an ecosystem. */
export interface VersionRules {
  isValid(version: string): boolean;
  /** Of two valid ones: below zero when the first is the older. */
  compare(a: string, b: string): number;
  /** The version, and the one that it was built from. */
  readings(version: string): string[];
}

// Longer ones are not versions, and take long to read.
const longest = 256;

// Some advisories leave out the last numbers.
const filledUp = (version: string): string =>
  version.replace(
    /^([v=\s]*\d+)(\.\d+)?(?=$|[-+])/,
    (_, major: string, minor = '.0') => `${major}${minor}.0`,
  );

const semver: VersionRules = {
  isValid: (version) => version.length <= longest && parseSemver(filledUp(version), { loose: true }) !== null,
  compare: (a, b) => compareSemver(filledUp(a), filledUp(b), { loose: true }),
  readings: (version) => [version],
};

const pep440: VersionRules = {
  isValid: (version) => version.length <= longest && validPep440(version) !== null,
  compare: (a, b) => comparePep440(a, b),
  // A local build (`1.0+cu118`) comes after what it was built from, and has its faults.
  readings: (version) => [...new Set([version, version.replace(/\+.*$/s, '')])],
};

/** npm orders versions by semver, PyPI by PEP 440. */
export const versionRules: Readonly<Record<Ecosystem, VersionRules>> = { npm: semver, pip: pep440 };
