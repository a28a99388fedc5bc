import { npmLock, type Locked } from './npm-lock.ts';

/** A lock file before and after an attack, written after public descriptions of it. */
export interface Attack {
  name: string;
  before: Record<string, Locked>;
  after: Record<string, Locked>;
  /** Versions that the registry had for some hours only when they were locked. */
  young: readonly string[];
}

const ordinary: Record<string, Locked> = {
  express: { version: '4.21.2' },
  lodash: { version: '4.17.21' },
  semver: { version: '7.7.2' },
};

const [commit, movedTo] = [
  '3f1c2f7a9d0b4e5f6a7b8c9d0e1f2a3b4c5d6e7f',
  'b0a1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d',
];

export const attacks: readonly Attack[] = [
  {
    // September 2025: stolen tokens published patch releases of hundreds of packages, each with a script that looked for more tokens.
    name: 'a worm that spreads by itself through patch releases',
    before: {
      ...ordinary,
      '@ctrl/tinycolor': { version: '4.1.0' },
      angulartics2: { version: '14.1.0' },
      'ngx-toastr': { version: '19.0.1' },
    },
    after: {
      ...ordinary,
      '@ctrl/tinycolor': { version: '4.1.1', script: true },
      angulartics2: { version: '14.1.2', script: true },
      'ngx-toastr': { version: '19.0.2', script: true },
    },
    young: ['@ctrl/tinycolor@4.1.1', 'angulartics2@14.1.2', 'ngx-toastr@19.0.2'],
  },
  {
    // March 2026: the account of a maintainer published a release that differed in one new dependency, whose script was the attack.
    name: 'axios of March 2026: a new dependency with a script',
    before: { ...ordinary, axios: { version: '1.14.0' } },
    after: {
      ...ordinary,
      axios: { version: '1.14.1' },
      'plain-crypto-js': { version: '4.2.1', script: true },
    },
    young: ['axios@1.14.1', 'plain-crypto-js@4.2.1'],
  },
  {
    name: 'names that are nearly those of others',
    before: ordinary,
    after: {
      ...ordinary,
      crossenv: { version: '6.1.1', script: true },
      axois: { version: '0.0.1' },
      lodahs: { version: '4.17.21' },
    },
    young: [],
  },
  {
    // October 2021: releases of an account that was taken over had a script that the one before did not have.
    name: 'a maintainer whose account was taken: a script that is new',
    before: { ...ordinary, 'ua-parser-js': { version: '0.7.28' } },
    after: { ...ordinary, 'ua-parser-js': { version: '0.7.29', script: true } },
    young: [],
  },
  {
    name: 'a git dependency that has moved to another commit',
    before: {
      ...ordinary,
      'deploy-tool': {
        version: '2.3.0',
        resolved: `git+ssh://git@github.com/example/deploy-tool.git#${commit}`,
        integrity: null,
      },
    },
    after: {
      ...ordinary,
      'deploy-tool': {
        version: '2.3.0',
        resolved: `git+ssh://git@github.com/example/deploy-tool.git#${movedTo}`,
        integrity: null,
      },
    },
    young: [],
  },
];

export const textsOf = ({ before, after }: Attack) => ({ before: npmLock(before), after: npmLock(after) });
