import { describe, expect, it } from 'vitest';
import { dresses, secret } from '@actp/redaction/samples/grammar-samples';
import { harmless } from '@actp/redaction/samples/harmless-samples';
import { samples } from '@actp/redaction/samples/token-samples';
import { openDatabase } from '@actp/testing/stores';

const stores = await openDatabase();

async function redactAll(texts: readonly string[]): Promise<string[]> {
  const { rows } = await stores.sql.query<{ out: string }>(
    'select actp_audit.redact_text(t.text) as out from unnest($1::text[]) with ordinality as t (text, n) order by n',
    [texts],
  );
  return rows.map(({ out }) => out);
}

// A header's value, and what encodes a value, are known there only where they stand.
const onlyOfEngine = new Set([
  'the same elsewhere, in another form',
  'options and calls that only the engine knows',
]);
const kinds = Object.keys(dresses).filter((kind) => !onlyOfEngine.has(kind));

describe('redaction in the database, on the samples of the engine', () => {
  it.each(kinds)('[SEC-020] finds secrets in %s', async (kind) => {
    const texts = dresses[kind] ?? [];
    const left = (await redactAll(texts)).filter((out) => out.includes(secret));
    expect(left).toEqual([]);
  });

  it('[SEC-020] finds the secrets that have a form or a name of their own', async () => {
    const out = await redactAll(samples.map(([, , { text }]) => text));
    const left = samples.filter(([, , sample], index) => out[index]?.includes(sample.secret));
    expect(left.map(([kind, where, { text }]) => [kind, where, text])).toEqual([]);
  });

  it.each(Object.keys(harmless))('leaves %s alone', async (kind) => {
    const texts = harmless[kind] ?? [];
    expect(await redactAll(texts)).toEqual(texts);
  });

  it.each([
    [`password=${secret}`],
    [`"client_secret": "${secret} with blanks"`],
    [`DB_PASSWORD: '${secret}'`],
    [`Authorization: Bearer ${secret}`],
    [`{\\"api_key\\":\\"${secret}\\"}`],
    [`postgres://app:x/${secret}@db:5432/main`],
    [`token => ${secret}`],
  ])('[SEC-020] finds a secret far behind in a long text: %s', async (text) => {
    const ordinary = 'server listening on http://127.0.0.1:3000 as worker\n'.repeat(600);
    const [out = ''] = await redactAll([`${ordinary}${text}\n${ordinary}`]);
    expect(out).not.toContain(secret);
    expect(out.startsWith(ordinary) && out.endsWith(ordinary)).toBe(true);
    expect(await redactAll([out])).toEqual([out]);
  });

  it.each([
    (password: string) => `mysql -uroot -p${password} main`,
    (password: string) => `mysqldump -p${password} main`,
    (password: string) => `mysqldump --host db -u root -p${password} main > main.sql`,
    (password: string) => `mysqladmin -uroot -p'${password}' status`,
    (password: string) => `mysqlcheck -p"${password}" main`,
    (password: string) => `mariadb -p${password}`,
    (password: string) => `mariadb-dump -p${password} main`,
    (password: string) => `mysql_upgrade -p${password}`,
  ])('[SEC-020] finds the password of a database on a command line: %s', async (line) => {
    for (const password of ['x4k', 'marten4k2q', secret]) {
      const [out = ''] = await redactAll([line(password)]);
      expect(out).not.toContain(password);
      expect(out).toMatch(/-p\[redacted[^\]]*\]/);
    }
  });

  it.each([
    'mysqldump --port 3306 -u root -p main',
    'mysql -p -e "select 1"',
    'run mysqldump, then tar -p x',
  ])('leaves a command line without a password alone: %s', async (line) =>
    expect(await redactAll([line])).toEqual([line]),
  );

  it('changes nothing when it is applied twice', async () => {
    const once = await redactAll(Object.values(dresses).flat());
    expect(await redactAll(once)).toEqual(once);
  });
});
