import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { readAcceptedFindings } from './accepted-findings.ts';

const dir = await mkdtemp(join(tmpdir(), 'actp-accepted-'));
atEnd(() => rm(dir, { recursive: true, force: true }));

async function read(until: string) {
  const path = join(dir, 'accepted.yaml');
  await writeFile(
    path,
    `- { finding: 1b804dc1-8824-8717-8ce9-8a7b91c9e3ad, reason: "known", until: ${until} }\n`,
  );
  return readAcceptedFindings(path);
}

it.each([
  ['2027-01-31', '2027-01-31T23:59:59Z'],
  ['2028-02-29', '2028-02-29T23:59:59Z'],
  ['2027-01-31T12:00Z', '2027-01-31T12:00Z'],
  ['2027-01-31T12:00:00+05:30', '2027-01-31T12:00:00+05:30'],
])('[SEC-017] an acceptance ends at %s', async (until, expected) => {
  expect(await read(until)).toMatchObject({ ok: true, value: [{ until: expected }] });
});

it.each([
  '9999',
  "'9999'",
  '9999-12-31',
  '2100-01-01',
  '2027-02-29',
  '2027-02-30',
  '2027-13-01',
  '2027-04-31T12:00:00Z',
  '2027-01-31T25:00:00Z',
  '2027-01-31T12:00:00',
  '2027-01-31T12:00:00+99:00',
  '20270131',
  'null',
  'never',
  '{}',
])('[SEC-017] an acceptance until %s has no end, and is refused', async (until) => {
  expect(await read(until)).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/accepted-findings\.yaml:1.*until/) as string,
  });
});
