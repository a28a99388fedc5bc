import { describe, expect, it } from 'vitest';
import { lockedPackage } from '../lock-files/lock-file.ts';
import { integrity } from '../dependencies/integrity.ts';
import { projectState } from '../project-state.fixture.ts';
import { findingId, shown, toFinding } from './finding.ts';

const hostile = [
  '\u001B[2J\u001B[31mgone\u001B[0m',
  '<b>bold</b> & <script>alert(1)</script>',
  '_*[markdown](https://example.com)*_',
  '\u202Egnp.exe\u2066',
  'two\nlines\r\nand\ttabs',
  'x'.repeat(4_096),
  '\0\uD800',
];

describe('[SEC-017] names that strangers chose', () => {
  it.each(hostile)('are shown safely: %j', async (name) => {
    const packages = [lockedPackage({ ecosystem: 'npm', name, version: name })];
    const lockFiles = [
      { path: 'package-lock.json', format: 'npm', ecosystem: 'npm', packages, problems: [] } as const,
    ];
    const { observations } = await integrity.review(projectState({ lockFiles }));
    const [finding] = observations.map((seen) => toFinding('sample', seen));
    const text = JSON.stringify(finding);
    // No control, no direction, nothing invisible; bounded; and storable as JSON in Postgres.
    expect(text).not.toMatch(/\\u00[01]|\\[nrtb]|[\u202A-\u202E\u2066-\u2069\uD800]/);
    expect(finding?.title.length).toBeLessThanOrEqual(400);
    expect(finding?.package?.length).toBeLessThanOrEqual(214);
  });

  it('are shown without secrets', () => {
    const key = ['actp', 'key', 'e'.repeat(64)].join('_');
    expect(shown(`by ${key} of\nsomebody`, 400)).toMatch(/^by \[redacted[^\]]*\] of somebody$/);
  });

  it('have an id of their own, the same everywhere', () => {
    expect(findingId(['p', 'young', 'a'])).toBe(findingId(['p', 'young', 'a']));
    expect(findingId(['p', 'young', 'a'])).not.toBe(findingId(['p', 'younga', '']));
    expect(findingId(['p'])).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});
