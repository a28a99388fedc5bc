import { describe, expect, it } from 'vitest';
import { EmailAddress, EmailMessage, EmailSender } from './email-message.ts';

describe('an e-mail address', () => {
  it.each([
    'ann@example.org',
    ' ann@example.org ',
    'a.b+c@sub.example.co.uk',
    "o'neil@example.org",
    'ann@xn--bcher-kva.example',
    'ann@example.xn--p1ai',
    'ann@XN--BCHER-KVA.example',
  ])('%j is one', (text) => expect(EmailAddress.parse(text)).toBe(text.trim()));

  it.each([
    '',
    'ann',
    'ann@localhost',
    'ann@127.0.0.1',
    '@example.org',
    'ann@@example.org',
    'ann@example.org,bob@example.org',
    'ann@example.org;bob@example.org',
    'ann@example.org bob@example.org',
    'Ann <ann@example.org>',
    '<ann@example.org>',
    '"ann bob"@example.org',
    'ann@example.org\nBcc: bob@example.org',
    'ann\0@example.org',
    'ann@ex\u0430mple.org',
    'ann\u200B@example.org',
    '.ann@example.org',
    'ann..b@example.org',
    'ann@-example.org',
    'ann@example..org',
    'mailto:ann@example.org',
    'ann@xn--a.org',
    'ann@xn--zzzzzz.org',
    'ann@example.XN--',
    `${'a'.repeat(65)}@example.org`,
    `ann@${'a.'.repeat(130)}org`,
  ])('%j is none', (text) => expect(EmailAddress.safeParse(text).success).toBe(false));
});

describe('a mail', () => {
  const mail = { to: 'ann@example.org', subject: 'Hi', text: 'Text' };
  it('keeps its lines, and nothing around them', () => {
    expect(EmailMessage.parse({ ...mail, text: ' a\r\nb\rc\td\n' }).text).toBe('a\nb\nc\td');
  });

  it.each([
    { ...mail, subject: ' ' },
    { ...mail, subject: 'a\nb' },
    { ...mail, subject: 'a\u2028b' },
    { ...mail, subject: 'x'.repeat(501) },
    { ...mail, text: '\n' },
    { ...mail, text: 'a\0b' },
    { ...mail, text: 'a\u001B[2Jb' },
    { ...mail, text: 'x'.repeat(10_001) },
    { ...mail, text: '\uD800' },
    { ...mail, subject: 'a\u202Eb' },
    { ...mail, subject: 'a\u200Bb' },
    { ...mail, subject: 'a\tb' },
    { ...mail, text: 'a\u2066b' },
    { ...mail, text: 'a\u200Bb' },
    { ...mail, text: 'a\u{E0041}b' },
    { ...mail, cc: 'bob@example.org' },
    { ...mail, to: ['ann@example.org'] },
  ])('%j is none', (input) => expect(EmailMessage.safeParse(input).success).toBe(false));

  it('has a sender with a name or without', () => {
    for (const from of ['a@example.org', 'Plane <a@example.org>', '<a@example.org>']) {
      expect(EmailSender.safeParse(from).success).toBe(true);
    }
    for (const from of ['Plane', 'A <a@example.org>, B <b@example.org>', 'A\n<a@example.org>', 'a@b']) {
      expect(EmailSender.safeParse(from).success).toBe(false);
    }
  });
});
