import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '@actp/shared/errors';
import { loadPolicy } from './load-policy.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-policy-'));
afterAll(() => rm(folder, { recursive: true }));

describe('the policy file at start', () => {
  it('is found from the repository root', async () => {
    const { policy, version } = await loadPolicy('config/policy.yaml');
    expect(policy.gates.length).toBeGreaterThan(0);
    expect(version).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is refused with every bad line, and without what a file that was meant otherwise holds', async () => {
    const file = join(folder, 'secrets');
    await writeFile(file, 'WORKER_SECRET: "not for anybody\nSESSION_SECRET: [not, for anybody\n');
    const refused = await loadPolicy(file).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigError);
    expect(String(refused)).toMatch(/POLICY_FILE: is not a valid policy\n {4}line \d+: /);
    expect(String(refused)).not.toContain('anybody');
    expect(String(refused)).not.toContain(folder);
  });

  it('is refused when it is no file', async () => {
    await expect(loadPolicy(folder)).rejects.toThrow('POLICY_FILE: the file cannot be read (EISDIR)');
    await expect(loadPolicy(join(folder, 'none'))).rejects.toThrow('POLICY_FILE: there is no such file');
  });
});
