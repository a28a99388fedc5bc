import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { attacks, textsOf } from '@actp/testing/lock-files/attacks';
import { startNpmRegistry } from '@actp/testing/npm-registry/server';
import { lockedPackage } from '../lock-files/lock-file.ts';
import { readLockFile } from '../lock-files/read-lock-file.ts';
import { ReviewRules } from '../projects/projects-config.ts';
import { compareLockFiles } from './compare-lock-files.ts';
import { gateDetails } from './gate-details.ts';
import { lookAtChange } from './look-at-change.ts';
import { registryFacts } from './registry-facts.ts';

const registry = await startNpmRegistry();
afterAll(() => registry.close());
beforeEach(() => {
  registry.published.clear();
  registry.asked.length = 0;
  registry.state.mode = 'answers';
});
const access = { registry: registry.url, signal: new AbortController().signal };
const entry = (name: string, version = '1.0.0') => lockedPackage({ ecosystem: 'npm', name, version });

describe('what a registry says', () => {
  it('is when a version was published and whether it runs a script, asked once for each name', async () => {
    registry.published.set('@scope/one', {
      '1.0.0': { time: '2026-01-01T00:00:00Z' },
      '1.1.0': { time: '2026-02-01T00:00:00Z', scripts: { postinstall: 'node a.js' } },
    });
    const [old, young] = [entry('@scope/one'), entry('@scope/one', '1.1.0')];
    const facts = await registryFacts([old, young], access);
    expect(facts.fill(old)).toMatchObject({ published: '2026-01-01T00:00:00Z', hasScript: false });
    expect(facts.fill(young)).toMatchObject({ published: '2026-02-01T00:00:00Z', hasScript: true });
    expect(registry.asked).toEqual(['@scope/one']);
  });

  it.each([
    ['does not answer with a document', 'refuses', 'the registry answers 405'],
    ['answers a page', 'no JSON', 'the registry answers no JSON'],
  ] as const)('is not known when it %s, and nothing is made up', async (_, mode, reason) => {
    registry.state.mode = mode;
    const asked = entry('one');
    const facts = await registryFacts([asked], access);
    expect(facts.fill(asked)).toEqual(asked);
    expect(facts.missing(asked)).toBe(reason);
  });

  it('is not known of a version that it does not have', async () => {
    registry.published.set('one', { '2.0.0': { time: '2026-01-01T00:00:00Z' } });
    const facts = await registryFacts([entry('one')], access);
    expect(facts.missing(entry('one'))).toBe('the registry does not have this version');
  });

  it('is not asked about what comes from elsewhere', async () => {
    await registryFacts(
      [
        { ...entry('one'), origin: 'git' },
        { ...entry('two'), ecosystem: 'pip' },
      ],
      access,
    );
    expect(registry.asked).toEqual([]);
  });
});

describe('a poisoned release of a few hours', () => {
  it.each(attacks.filter(({ young }) => young.length > 0).map((attack) => [attack.name, attack] as const))(
    '[SEC-017] is young: %s',
    async (_, attack) => {
      const texts = textsOf(attack);
      const [before, after] = [texts.before, texts.after].map((text) =>
        readLockFile('package-lock.json', text),
      );
      if (before === undefined || after === undefined) throw new Error('two lock files are there');
      const now = new Date('2026-04-01T12:00:00Z');
      for (const { name, version } of [...before.packages, ...after.packages]) {
        const young = attack.young.includes(`${name}@${version}`);
        registry.published.set(name, {
          ...registry.published.get(name),
          [version ?? '']: { time: young ? '2026-04-01T08:00:00Z' : '2025-01-01T00:00:00Z' },
        });
      }
      const lookedAt = await lookAtChange(before, after, compareLockFiles(before, after), {
        project: { name: 'shop', path: '.', ecosystems: ['npm'] },
        rules: ReviewRules.parse({}),
        root: '/nowhere',
        osvData: undefined,
        env: {},
        now,
        signal: access.signal,
        registry: access,
      });
      const files = {
        project: 'shop',
        path: 'package-lock.json',
        beforeSha256: undefined,
        afterSha256: '',
        base: { from: 'HEAD', name: undefined, commit: undefined },
      } as const;
      const update = gateDetails('dependency.update', files, lookedAt, now);
      expect(update?.youngest_days).toBe(0);
      expect(update?.findings.join('\n')).toMatch(/was published on 2026-04-01, less than 7 days ago/);
      expect(update?.unavailable).toEqual([]);
    },
  );
});
