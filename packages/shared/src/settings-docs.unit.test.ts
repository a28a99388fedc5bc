import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';
import { settings } from './settings.ts';
import { settingGroups } from './settings-reference.ts';
import { envExample, readmeWithSettings, settingsPage } from './settings-docs.ts';

const references = settingGroups.flatMap((group) => Object.entries(group.settings));
const startOnly = [
  'ACTP_JWT_SECRET',
  'ACTP_POSTGRES_PASSWORD',
  'ACTP_REDIS_PASSWORD',
  'DATABASE_APP_SECRET',
  'NODE_EXTRA_CA_CERTS',
];

const root = join(import.meta.dirname, '../../..');
const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })];
// Names of this form that are something else: of Telegram, of tests, of agents and commands that call the plane, and what
// the supervisor gives an app.
const notOfThePlane = [
  'ACTP_AGENT_ID',
  'ACTP_ENV_FILE',
  'ACTP_NODE_IMAGE',
  'ACTP_TOKEN',
  'ACTP_URL',
  'CHAT_WRITE_FORBIDDEN',
  'DATABASE_APP_KEY',
  'FC_SEED',
  'HEROKU_KEY',
  'NAME_FILE',
  'NO_COLOR',
  'OTEL_EXPORTER_OTLP_TIMEOUT',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_SDK_DISABLED',
  'SOURCE_DATE_EPOCH',
  'TOPIC_CLOSED',
  'WORKER_SECRET_FILE',
];

describe('the settings reference', () => {
  it('has every setting once, and no other', () => {
    const names = references.map(([name]) => name);
    expect(names.toSorted()).toEqual([...Object.keys(settings), ...startOnly].toSorted());
  });

  it('has the defaults that are really used', () => {
    for (const [name, { default: shown }] of references) {
      const schema = Object.entries(settings).find(([key]) => key === name)?.[1];
      if (schema === undefined) continue;
      const shape = { [name]: schema };
      if (shown !== null) {
        expect(parseConfig(shape, {}), name).toEqual(parseConfig(shape, { [name]: shown }));
      } else {
        const unset = schema.safeParse(undefined);
        // Required, off, or an empty list.
        expect(!unset.success || unset.data === undefined || JSON.stringify(unset.data) === '[]', name).toBe(
          true,
        );
      }
    }
  });

  it('is what docs/settings.md says', async () => {
    await expect(settingsPage()).toMatchFileSnapshot('../../../docs/settings.md');
  });

  it('has the names that README.md lists', async () => {
    const file = join(root, 'README.md');
    const text = readmeWithSettings(readFileSync(file, 'utf8'));
    await expect(text).toMatchFileSnapshot(file);
  });

  it('has every setting that a page speaks of', () => {
    const known = new Set([...references.map(([name]) => name), ...notOfThePlane]);
    const unknown = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g)]
        .map(([, name = '']) => name)
        .filter((name) => !known.has(name))
        .map((name) => `${page}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('is what .env.example says', async () => {
    await expect(envExample()).toMatchFileSnapshot('../../../.env.example');
  });
});
