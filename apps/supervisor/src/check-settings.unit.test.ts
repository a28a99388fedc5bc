import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkSettings } from './check-settings.ts';

const root = await mkdtemp(join(tmpdir(), 'actp-check-settings-'));
afterAll(() => rm(root, { recursive: true }));
const check = (outside: Record<string, string>) => checkSettings(root, join(root, '.env'), outside);

it.each([
  ['NODE_EXTRA_CA_CERTS', 'missing.pem', 'must be a readable file with certificates (PEM)'],
  ['ACTP_ANCHOR_FILE', '.actp/anchor.json', 'must not lie in ACTP_DATA_DIR, with which it would be put back'],
])('a start is refused before anything is made: %s=%s', async (name, value, rule) => {
  await expect(check({ [name]: value })).rejects.toThrow(`${name}: ${rule}`);
});

it('settings that can be used are given back, with their defaults', async () => {
  expect(await check({ GATEWAY_PORT: '9000' })).toMatchObject({ GATEWAY_PORT: 9000, ACTP_DATA_DIR: '.actp' });
});
