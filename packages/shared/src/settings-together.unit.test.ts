import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';
import { settings } from './settings.ts';
import { assertTogether } from './settings-together.ts';

const form = 'whsec_ and at least 24 bytes in base64';

describe('settings that need another one', () => {
  it('name it and the form that it has', () => {
    expect(() => assertTogether({ CALLBACK_ORIGINS: ['https://hooks.example'] })).toThrow(
      `CALLBACK_SECRET: must be set when CALLBACK_ORIGINS is: ${form}`,
    );
    expect(() => assertTogether({ SIGNING_REQUIRED: true })).toThrow(
      `SIGNING_SECRET: must be set when SIGNING_REQUIRED is true: ${form}`,
    );
    expect(() => assertTogether({ CALLBACK_ORIGINS: [] })).not.toThrow();
  });

  it.each([
    'hunter2',
    'whsec_',
    `whsec_${'='.repeat(32)}`,
    `whsec_${'A'.repeat(31)}=`,
    `whsec_${'A'.repeat(16)}=${'A'.repeat(16)}`,
  ])('%j is not of that form', (CALLBACK_SECRET) => {
    const { CALLBACK_SECRET: schema } = settings;
    expect(() => parseConfig({ CALLBACK_SECRET: schema }, { CALLBACK_SECRET })).toThrow(`must be ${form}`);
  });
});
