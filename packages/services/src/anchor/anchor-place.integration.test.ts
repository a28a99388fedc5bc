import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { anchorPlace } from './anchor-place.ts';

const root = await mkdtemp(join(tmpdir(), 'actp-place-'));
atEnd(() => rm(root, { recursive: true, force: true }));
const home = join(root, 'home');
await mkdir(join(root, 'data'));
await symlink(join(root, 'data'), join(root, 'link-to-data'));
const at = (over: Partial<Parameters<typeof anchorPlace>[0]> = {}) =>
  anchorPlace({ configured: undefined, root, dataDir: 'data', stateHome: undefined, home, ...over });

describe('the place of the anchor', () => {
  it('is the state folder of the user, and another file for each data folder', async () => {
    const { path, warning } = await at();
    expect(dirname(path)).toBe(join(home, '.local', 'state', 'actp-worker'));
    expect(warning).toBeUndefined();
    expect((await at({ dataDir: 'other' })).path).not.toBe(path);
    expect((await at({ dataDir: join(root, 'link-to-data') })).path).toBe(path);
    const state = join(root, 'state');
    expect(dirname((await at({ stateHome: state })).path)).toBe(join(state, 'actp-worker'));
    // As the XDG Base Directory Specification has it: a relative path is none.
    expect((await at({ stateHome: 'state' })).path).toBe(path);
  });

  it('is beside the data folder, with a warning, where there is no such folder', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    for (const over of [{ home: undefined }, { home: file }, { stateHome: join(root, 'data') }]) {
      const { path, warning } = await at(over);
      expect(path).toBe(join(root, 'data.anchor.json'));
      expect(warning).toContain('ACTP_ANCHOR_FILE');
    }
  });

  it('is where it is configured, but never in the data folder', async () => {
    expect((await at({ configured: 'kept/anchor.json' })).path).toBe(join(root, 'kept', 'anchor.json'));
    for (const inside of [
      'data/anchor.json',
      'data',
      'data/a/b/c',
      'link-to-data/x',
      './x/../data/y',
      join(root, 'data', 'z'),
    ]) {
      await expect(at({ configured: inside })).rejects.toThrow(
        'ACTP_ANCHOR_FILE: must not lie in ACTP_DATA_DIR',
      );
    }
    expect((await at({ configured: 'data-beside.json' })).path).toBe(join(root, 'data-beside.json'));
  });
});
