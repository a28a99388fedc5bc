import { expect, it } from 'vitest';
import { withoutFingerprints } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';
import { partsOf, writeForm } from '../samples/token-alphabets.ts';

const made = (form: string, length: number) => writeForm(partsOf(form), [length]);
const small = 'qwmzvbtrkplnhgfdjsxcqwmzvbtrkplnhgfd';
const join = (...parts: string[]) => parts.join('');

it.each([
  ['github-pat', join('ghp', '_', 'a'.repeat(36))],
  ['huggingface-token', join('hf', '_', small.slice(0, 34))],
  ['beamer-token', join('b', '_', made('word*44', 44))],
  ['github-pat', join('ghp', '_', made('any*36', 36))],
  ['aws-key-id', join('AK', 'IA', small.toUpperCase().slice(0, 16))],
  ['aws-bedrock-key', join('AB', 'SK', made('small*100', 100))],
  ['huggingface-org-token', join('api', '_org_', small.slice(0, 34))],
])('[SEC-020] is a %s: %s', (kind, token) => {
  expect(withoutFingerprints(redact(`use ${token} now`))).toBe(`use [redacted:${kind}] now`);
  expect(withoutFingerprints(redact(`x=${token}`))).toBe(`x=[redacted:${kind}]`);
});

it.each([
  join('ghp', '_', small),
  join('ghp', '_', small.toUpperCase()),
  join('ghp', '_', '1'.repeat(18), 'a'.repeat(17), 'x'),
  join('SK', 'a'.repeat(32)),
  join('GHP', '_', made('any*36', 36)),
  ...Array.from('/-_', (before) => `a${before}${join('b', '_', made('word*44', 44))}`),
  ...Array.from('/-_', (before) => `a${before}${join('AB', 'SK', made('any*100', 100))}`),
  join('ghp', '_', made('any*18', 18), 'x'.repeat(18)),
])('is no token, though its mark is there: %s', (text) => {
  expect(redact(`use ${text} now`)).toBe(`use ${text} now`);
});

it('is found behind a slash and the like, if its mark is one', () => {
  const token = join('ghp', '_', made('any*36', 36));
  for (const before of '/-_')
    expect(withoutFingerprints(redact(`a${before}${token}`))).toBe(`a${before}[redacted:github-pat]`);
});

it('is named by the longest of its marks', () => {
  expect(withoutFingerprints(redact(join('sk', '-', 'ant', '-', made('word*40', 40))))).toBe(
    '[redacted:anthropic-key]',
  );
  expect(withoutFingerprints(redact(join('sk', '-', made('word*40', 40))))).toBe('[redacted:openai-key]');
});
