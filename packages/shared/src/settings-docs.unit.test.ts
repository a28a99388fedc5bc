import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';
import { settings } from './settings.ts';
import { settingGroups } from './settings-reference.ts';
import { envExample, settingsPage } from './settings-docs.ts';

const references = settingGroups.flatMap((group) => Object.entries(group.settings));
const startOnly = [
  'ACTP_JWT_SECRET',
  'ACTP_POSTGRES_PASSWORD',
  'ACTP_REDIS_PASSWORD',
  'DATABASE_APP_SECRET',
  'NODE_EXTRA_CA_CERTS',
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

  it('is what .env.example says', async () => {
    await expect(envExample()).toMatchFileSnapshot('../../../.env.example');
  });
});
