import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPorts, writePorts } from './ports-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-ports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the ports of the last start', () => {
  it('are read back', () => {
    const file = join(folder, 'ports.json');
    writePorts(file, { redis: 20_001, postgres: 20_002 });
    expect(readPorts(file)).toEqual({ redis: 20_001, postgres: 20_002 });
  });

  it('are forgotten when the file is missing, broken or holds something else', async () => {
    const file = join(folder, 'ports.json');
    expect(readPorts(file)).toEqual({});
    for (const content of ['', '{', '[1]', 'null', '{"redis":"x","postgres":70000,"other":1}']) {
      await writeFile(file, content);
      expect(readPorts(file)).toEqual({});
    }
  });
});
