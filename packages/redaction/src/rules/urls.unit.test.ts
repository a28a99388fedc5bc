import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';

const key = 'q7XbT2mZ9RkLw4Vn';
const isTaken = (text: string, kind: string) =>
  expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, kind));

describe('a password in an address', () => {
  it.each([
    'redis://:«x»@cache',
    'postgres://app:«x4k2»@db',
    'postgres://a.b-c%40d:«x4k2»@db:5432/main',
    'see postgres://app:«x4k2»@db.',
    '"postgres://app:«x4k2»@db"',
    '<postgres://app:«x4k2»@db>',
    'http://ann:«12345»@host/x',
    'http://ann:«123456»@host/x',
    'http://ann:«8080x»@host',
    'postgres://app:«x4k2»@[::1]:5432/main',
    'postgres://app:«x4k2»@%2Frun%2Fdb/main',
    'postgres://app:«x4k2»@-db',
    'postgres://app:«x4k2»@.db',
    // The last @ in front of a host ends it.
    'amqp://app:«a@b»@mq/x',
    'amqp://app:«a@!b»@mq/x',
    'amqp://app:«a@4@c»@mq',
    // Signs of an address within it.
    'postgres://app:«a/b»@db:5432/x',
    'postgres://app:«a?b»@db/x',
    'postgres://app:«a#b»@db',
    'postgres://app:«a@b/c»@db/x',
    'postgres://app:«a/b@c»@db/x',
    'postgres://app:«a/b»@db,db2/x',
    'postgres://app:«a/b@c»@db.example.com.:5432/x',
    'postgres://app:«a/b@c»@db',
    'postgres://app:«a/b@c»@db/x?y=1',
    'postgres://app:«ab=c/d@e»@db/x',
    'postgres://app:«$!x4k2»@db',
    'gitdb://app:«a/b@c»@db/x',
    'https://app:«a/b@c»@a.b.c.example.com/x',
    'https://app:«a/b@c»@10.20.30.40/x',
    'https://app:«x4k2»@git/@scope.io/x',
    'https://app:«x4k2»@git/a@b',
    ...['http', 'ws', 'wss', 'git', 'ssh', 'ftp', 'sftp', 'npm', 'pkg', 'file'].map(
      (scheme) => `${scheme}://app:«x4k2»@git.example.com/@scope/pkg@1`,
    ),
    `${'x '.repeat(900)}postgres://app:«x4k2»@db`,
    'postgres://app:«a/b»@db.example.com.:5432',
    'postgres://app:«a/b»@db)',
    'postgres://app:«a/b»@db!x',
    'https://app:«a/b»@git.example.com/x',
    'https://app:«a/b»@localhost/x',
    'https://app:«a/b»@10.0.0.1/x',
    'https://app:«a/b»@git:8080/x',
    'https://app:«a/b»@GIT.EXAMPLE.COM/x',
    'https://app:«a/b»@git/x',
    'ssh://app:«a/b»@host.example.com',
    'sftp://app:«a/b»@host.example.com',
    // What follows the host is no part of it.
    'postgres://app:«x4k2»@db/main?mail=ann@host',
    'postgres://app:«x4k2»@db/main;mail=ann@host',
    'postgres://app:«x4k2»@db/?a=1&mail=ann@host',
    'https://app:«x4k2»@git.example.com/@scope/pkg@1.0.0',
    'https://app:«x4k2»@git.example.com/a/b@c.example.com/x',
    'https://app:«x4k2»@localhost/a@c.example.com/x',
    'npm://app:«x4k2»@10.0.0.1/a@c.example.com',
    'git+https://app:«x4k2»@git:80/a@c.example.com',
    // Other signs, and what only looks like a template.
    'postgres://app:«q7X$s{w}%d(bT2mZ)»@db',
    'postgres://app:«1$x4k2»@db',
    `postgres://app:«${'x4'.repeat(100)}»@db`,
    'postgres://a:«x4k2q»@db and redis://:«z4k2q»@cache',
  ])('[SEC-020] is taken out: %s', (text) => {
    isTaken(text, 'url-password');
  });

  it.each([
    'http://host:8080/@ann',
    'http://host:8080?x=@ann',
    'http://host:8080#@ann',
    'http://host:8 and ann@host',
    'http://host:80808',
    'http://host:/@ann',
    'postgres://db/main?mail=ann:x@host',
    'postgres://host:x4k2/main',
    'https://host/a:b/x@y',
    'https://ann@host/x4k2',
    'postgres://app:@db',
    'postgres://app:x4k2@ db',
    'postgres://app:x4k2@!db',
    'postgres://app:${PASSWORD}@db',
    'postgres://app:$PASSWORD@db',
    'postgres://app:$(cat x)@db',
    'postgres://app:$_x@db',
    'postgres://app:****@db',
    'postgres://app:<password>@db',
    'postgres://app:[redacted:url-password:0a1b2c]@db',
    'http://a"b:c@host',
    'http:/app:x4k2@db',
  ])('is not seen where there is none: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('is looked for as far as an address goes', () => {
    const far = (length: number) => `http://host:x/${'y/'.repeat(length / 2)}@a`;
    expect(redact(far(900))).toBe(far(900));
    expect(redact(`x://host:a/${'y'.repeat(200)}@b.c!d`)).toContain('y@b.c');
  });
});

describe('a key in an address', () => {
  it.each([
    `https://«${key}»@git.example/a.git`,
    `https://«${key}.~-_»@git.example`,
    `https://«${key.repeat(4)}»@-x`,
    `https://«${key}»@.x`,
    `https://«${key}»:@git.example`,
    `x://«${key}»:@git.example`,
  ])('[SEC-020] is taken out: %s', (text) => {
    isTaken(text, 'url-token');
  });

  it('[SEC-020] is taken out in the place of the name, beside the password', () => {
    expect(withoutFingerprints(redact(`https://${key}:x4k2q@git.example`))).toBe(
      'https://[redacted:url-token]:[redacted:url-password]@git.example',
    );
  });

  it.each([
    `https://${key.slice(1)}@git.example`,
    `https://${key}@!git`,
    `https://${key}/x@git.example`,
    `https://${key}!@git.example`,
    'https://deploy-user-of-app@git.example',
    `https://$\{${key}}@git.example`,
    `https://your-${key}@git.example`,
    `https://redacted@git.example`,
  ])('is not seen where there is none: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});
