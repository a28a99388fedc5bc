import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCliProcess } from '../../cli-process.fixture.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-sbom-'));
});
afterAll(() => rm(folder, { recursive: true }));

const sbom = (words: readonly string[], epoch = '1700000000') =>
  runCliProcess(['sbom', ...words], { cwd: folder, env: { SOURCE_DATE_EPOCH: epoch } });

describe('npm run sbom', () => {
  it('[SEC-017] writes what this repository is made of, the same bytes each time', async () => {
    const { code, out, problem } = await sbom(['--output', 'bom.json']);
    expect([code, problem]).toEqual([0, '']);
    expect(out).toMatch(/^\d+ components; written to bom\.json\n$/);
    const text = await readFile(join(folder, 'bom.json'), 'utf8');
    expect((await sbom(['--json'])).out).toBe(text);

    expect(await new Validation.JsonValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
    for (const part of ['node', 'postgresql', 'postgrest'])
      expect(text).toContain(`"purl": "pkg:generic/${part}@`);
    expect(text).toMatch(/"purl": "pkg:generic\/(?:redis|valkey)@/);
    expect(text).toContain('"timestamp": "2023-11-14T22:13:20.000Z"');
  });

  it('says what is wrong, and writes nothing', async () => {
    expect(await sbom([], 'yesterday')).toEqual({
      code: 2,
      out: '',
      problem: 'SOURCE_DATE_EPOCH has to be a number of seconds since 1970.\n',
    });
    const nowhere = await sbom(['--output', 'no/such/folder.json']);
    expect(nowhere).toMatchObject({ code: 2, out: '' });
    expect(nowhere.problem).toContain('Cannot write no/such/folder.json');
  });
});
