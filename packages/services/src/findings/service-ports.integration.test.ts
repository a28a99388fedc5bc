import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { servicePorts } from './service-ports.ts';

const dir = await mkdtemp(join(tmpdir(), 'actp-ports-'));
atEnd(() => rm(dir, { recursive: true, force: true }));

it('the ports of services on this machine are known, with those that an address leaves out', async () => {
  const path = join(dir, 'selftest.yaml');
  const addresses = [
    'http://127.0.0.1:8001/health',
    'http://localhost:8002',
    'http://[::1]:8003/',
    'http://127.0.0.2/',
    'https://localhost/health',
    'http://198.51.100.7:8004/',
    'https://example.com/',
  ];
  const services = addresses.map((url, n) => `  - { name: s${n}, url: '${url}' }\n`).join('');
  await writeFile(path, `services:\n${services}  - { name: gateway, builtin: gateway }\n`);
  expect(await servicePorts(path)).toEqual([8001, 8002, 8003, 80, 443]);
  await writeFile(path, 'services: []\n');
  expect(await servicePorts(path)).toEqual([]);
  await writeFile(path, 'services: {');
  expect(await servicePorts(path)).toBeUndefined();
  expect(await servicePorts(join(dir, 'nowhere.yaml'))).toBeUndefined();
});
