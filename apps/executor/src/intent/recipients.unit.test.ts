import { describe, expect, it } from 'vitest';
import { agents } from './agents.fixture.ts';
import { readSentence } from './sentences.ts';

const read = (prompt: string) => readSentence(prompt, agents);
const mail = (to: string, subject: string, text: string) => ({
  agent: 'communication',
  input: { to, subject, text },
});

describe('[TASK-002] the recipient of a mail', () => {
  it.each([
    'Ann',
    'ann',
    'Ann Smith',
    'Dr. Ann van Dyke',
    "Ann O'Neil",
    'Ann-Marie Smith',
    'J. R. Smith Jr.',
    'Łucja Żak',
    '山田太郎',
    '"Ann Smith"',
    "'Ann'",
    '“Ann Smith”',
  ])('knows a name before an address: %j', (name) => {
    const prompt = `Send an email to ${name} <ann@example.org> with subject A and say b`;
    expect(read(prompt)).toEqual(mail('ann@example.org', 'A', 'b'));
  });

  it.each([
    'everyone except Bob',
    'everybody but not Bob',
    'not Bob',
    'NOT Bob',
    '"not Bob"',
    'Ann. Not to Bob',
    'Ann or Bob',
    'Ann & Bob',
    'Ann, Bob',
    'Ann; not Bob',
    "O'Neil, not Bob",
    'Ann/Bob',
    'the boss and Bob',
    'Anyone unless Bob',
    'Bob instead',
    'Bob (not Ann)',
    'Bob!',
    'one or all of Bob',
    'Ann Bob Carl Dan Eve',
    'nicht Bob',
    'alle außer Bob',
    'sauf Bob',
    'Ana y Bob',
    'whoever knows Bob',
    "the man who hates 'x'",
    `${'Ann '.repeat(100)}not Bob`,
  ])('sends nothing to an address that other words than a name stand before: %j', (words) => {
    const prompt = `Send an email to ${words} <bob@example.org> with subject A and say b`;
    expect(read(prompt)).toEqual({ problem: expect.stringMatching(/^Who the mail goes to/), final: true });
  });

  it.each([
    "'ann'@example.org",
    '`ann`@example.org',
    '"ann"@example.org',
    '"ann@example.org"@example.com',
    "ann'@example.org",
    'ann@127.0.0.1',
    'ann@[127.0.0.1]',
    'ann@[IPv6:::1]',
    'ann@localhost',
    'ann@example.123',
    'ann@example.org@example.com',
    'ann@xn--zzzzzz.org',
    'ann@example..org',
    'not ann@example.org',
  ])('knows no address in %j', (to) => {
    const prompt = `Send an email to ${to} with subject A and say b`;
    expect(read(prompt)).toEqual({ problem: expect.stringMatching(/address/), final: false });
  });

  it.each(["o'brien@example.org", "'o'brien@example.org'"])('knows an apostrophe in %j', (to) => {
    const prompt = `Send an email to ${to} with subject A and say b`;
    expect(read(prompt)).toEqual(mail("o'brien@example.org", 'A', 'b'));
  });

  it.each(['tomorrow', 'if he has paid', 'or Bob', 'but not yet', 'when I say so,', ', only not today'])(
    'sends nothing with a limit behind the address: %j',
    (words) => {
      const prompt = `Send an email to ann@example.org ${words} with subject A and say b`;
      expect(read(prompt)).toEqual({ problem: expect.stringMatching(/condition/), final: true });
    },
  );
});
