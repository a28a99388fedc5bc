import { describe, expect, it } from 'vitest';
import { lockedPackage } from '../lock-files/lock-file.ts';
import { projectState } from '../project-state.fixture.ts';
import { createNameIndex } from './likeness.ts';
import { typosquats } from './typosquats.ts';
import { imitatedNpm, wellKnownNpm } from './well-known-npm.ts';
import { imitatedPypi, wellKnownPypi } from './well-known-pypi.ts';

const npm = createNameIndex({ imitated: imitatedNpm, others: wellKnownNpm, widely: 'npm' });
const pypi = createNameIndex({ imitated: imitatedPypi, others: wellKnownPypi, widely: 'pip' });

describe('[SEC-017] a name that could be taken for a well-known one', () => {
  it.each([
    ['crossenv', 'cross-env', 'separators'],
    ['cross.env', 'cross-env', 'separators'],
    ['expresss', 'express', 'letters'],
    ['epxress', 'express', 'letters'],
    ['loadsh', 'lodash', 'letters'],
    ['lodahs', 'lodash', 'letters'],
    ['axois', 'axios', 'letters'],
    ['chalkk', 'chalk', 'letters'],
    ['comander', 'commander', 'letters'],
    ['reqeust', 'request', 'letters'],
    ['electorn', 'electron', 'letters'],
    ['l0dash', 'lodash', 'look-alike'],
    ['expreѕѕ', 'express', 'look-alike'],
    ['types-node', '@types/node', 'scope'],
    ['@tpyes/node', '@types', 'scope'],
    ['@bable/core', '@babel', 'scope'],
    ['@anthropics/sdk', '@anthropic-ai', 'scope'],
    ['@anthropic/sdk', '@anthropic-ai', 'scope'],
    ['@anthropic-al/sdk', '@anthropic-ai/sdk', 'look-alike'],
    ['@anthropicai/sdk', '@anthropic-ai', 'scope'],
    ['anthropic-ai-sdk', '@anthropic-ai/sdk', 'scope'],
    ['@model-context-protocol/sdk', '@modelcontextprotocol', 'scope'],
    ['@modelcontextprotocols/sdk', '@modelcontextprotocol', 'scope'],
    ['modelcontextprotocol-sdk', '@modelcontextprotocol/sdk', 'scope'],
    ['@typescript_eslinter/eslint', '@typescript-eslint', 'scope'],
    ['jquery.js', 'jquery', 'decorated'],
    ['node-sqlite', 'sqlite', 'decorated'],
    ['nodemonjs', 'nodemon', 'decorated'],
    ['coffescript', 'coffee-script', 'letters'],
    ['dizcordjs', 'discord.js', 'letters'],
    ['pupetier', 'puppeteer', 'letters'],
    ['uuidd', 'uuid', 'letters'],
  ])('%s: %s', (name, like, how) => {
    expect(npm.likeTo(name)).toEqual({ name: like, how });
  });

  it.each([
    ['reqeusts', 'requests'],
    ['request', 'requests'],
    ['urlib3', 'urllib3'],
    ['python-dateuti', 'python-dateutil'],
    ['pythondateutil', 'python-dateutil'],
    ['djago', 'django'],
    ['co1orama', 'colorama'],
    ['numpyy', 'numpy'],
    ['mumpy', 'numpy'],
    ['python3-dateutil', 'python-dateutil'],
    ['jeilyfish', 'jellyfish'],
    ['colourama', 'colorama'],
  ])('%s: %s (PyPI)', (name, like) => {
    expect(pypi.likeTo(name)?.name).toBe(like);
  });

  it.each([
    'lodash',
    'preact',
    '@types/left-pad',
    '@acme/lodash',
    'my-very-own-package',
    'ms',
    'mz',
    '@anthropic-ai/sdk',
    '@anthropic-ai/anything',
    '@modelcontextprotocol/sdk',
    '@modelcontextprotocol/server-filesystem',
    'jslint',
    'prettierx',
    'dotenvx',
    '@dotenvx/dotenvx',
    'mkdir',
    'node-uuid',
    'vue-next',
    'x'.repeat(5_000),
  ])('is not %s', (name) => {
    expect(npm.likeTo(name)).toBeUndefined();
  });

  it('is none of the well-known ones', () => {
    expect([...imitatedNpm, ...wellKnownNpm].flatMap((name) => npm.likeTo(name) ?? [])).toEqual([]);
    expect([...imitatedPypi, ...wellKnownPypi].flatMap((name) => pypi.likeTo(name) ?? [])).toEqual([]);
  });

  it('can also be taken for one that the project has had for long', async () => {
    const packages = ['our-payments', 'our-paymnets'].map((name) =>
      lockedPackage({ ecosystem: 'npm', name, version: '1.0.0' }),
    );
    const state = projectState({
      lockFiles: [{ path: 'package-lock.json', format: 'npm', ecosystem: 'npm', packages, problems: [] }],
      known: (_, name) =>
        name === 'our-payments'
          ? [
              {
                name,
                version: '1.0.0',
                integrity: null,
                resolved: null,
                hasScript: false,
                firstSeenAt: '2026-01-01T00:00:00Z',
              },
            ]
          : [],
    });
    const review = await typosquats.review(state);
    expect(review.observations.map(({ title }) => title)).toEqual([
      'our-paymnets is one letter away from our-payments',
    ]);
  });
});
