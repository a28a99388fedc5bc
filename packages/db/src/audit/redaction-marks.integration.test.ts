import { describe, expect, it } from 'vitest';
import { partsOf, writeForm } from '@actp/redaction/samples/token-alphabets';
import { tokenForms } from '@actp/redaction/samples/token-forms';
import { openDatabase } from '@actp/testing/stores';

const stores = await openDatabase();

// Their marks are too short to tell anything: only the engine, which weighs how random a text is, knows them.
const onlyOfEngine = new Set(
  `azure-devops-pat azure-storage-key beamer-token brave-key coingecko-key
  discord-bot-token fireworks-key hashicorp-vault-legacy-token mailchimp-key maxmind-key ngrok-key
  octopus-deploy-key scaleway-key twilio-key yandex-aws-key`.split(/\s+/),
);

const tokens = tokenForms.flatMap(([kind, marks, form]) =>
  marks.split(' ').flatMap((mark) => {
    const parts = partsOf(form);
    const [least, most] = [parts.map((part) => part.least), parts.map((part) => part.most)];
    return [least, most].map((lengths) => ({ kind, mark, form, token: mark + writeForm(parts, lengths) }));
  }),
);

describe('redaction in the database, on every mark', () => {
  it('[SEC-020] has a sample for each mark in the table', async () => {
    const { rows } = await stores.sql.query<{ mark: string }>('select mark from actp_audit.secret_marks');
    const known = tokens.map(({ token }) => token);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ mark }) => !known.some((token) => token.includes(mark)))).toEqual([]);
  });

  it('[SEC-020] takes out the shortest and the longest token of every other form', async () => {
    const texts = tokens.map(({ token }) => `use ${token} now`);
    const { rows } = await stores.sql.query<{ out: string }>(
      'select actp_audit.redact_text(t.text) as out from unnest($1::text[]) with ordinality as t (text, n) order by n',
      [texts],
    );
    // What is public may stay before it: the number of an account, the pk. of a token.
    const taken = (n: number) =>
      /^use (?:[\d/]{2,31}|[pst]k\.)?\[redacted[^\]]*\] now$/.test(rows[n]?.out ?? '');
    const left = tokens.filter(({ kind }, n) => !onlyOfEngine.has(kind) && !taken(n));
    expect(new Set(tokens.filter((_, n) => !taken(n)).map(({ kind }) => kind))).toEqual(onlyOfEngine);
    expect(left.map(({ kind, mark, form, token }) => [kind, mark, form, token.length])).toEqual([]);
  });

  it.each(['api_key=%', '"token": "%"', 'Authorization: Bearer %', "export SERVICE_SECRET='%'"])(
    '[SEC-020] takes out those without a mark that tells them where something else does: %s',
    async (place) => {
      const bare = tokens.filter(({ kind }) => onlyOfEngine.has(kind));
      expect(new Set(bare.map(({ kind }) => kind))).toEqual(onlyOfEngine);
      const { rows } = await stores.sql.query<{ out: string }>(
        'select actp_audit.redact_text(t.text) as out from unnest($1::text[]) with ordinality as t (text, n) order by n',
        [bare.map(({ token }) => place.replace('%', () => token))],
      );
      const left = bare.filter(({ token }, n) => rows[n]?.out.includes(token));
      expect(left.map(({ kind, token }) => [kind, token])).toEqual([]);
    },
  );
});
