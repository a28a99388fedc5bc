import { ordinary } from './ordinary.ts';
import { formats } from './formats.ts';

export type Random = () => number;

/** A generator of numbers from 0 to 1 that gives the same again for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const classes: Record<string, string> = {
  A: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  a: 'abcdefghijklmnopqrstuvwxyz0123456789',
  n: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  w: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  h: '0123456789abcdef',
  d: '0123456789',
  b: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  p: 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789!#%*_-+@~^',
};

/** Fills a format: `{n36}` becomes 36 random letters and digits; see `classes`. */
function fill(format: string, random: Random): string {
  return format.replaceAll(/\{([A-Za-z])(\d+)\}/g, (_whole, name: string, length: string) => {
    const from = classes[name] ?? '';
    return Array.from({ length: Number(length) }, () => from[Math.floor(random() * from.length)]).join('');
  });
}

const surroundings: ReadonlyArray<readonly [place: string, text: (secret: string, name: string) => string]> =
  [
    ['alone', (s) => s],
    ['environment', (s, n) => `export ${n.toUpperCase()}_API_KEY=${s}`],
    ['environment of a container', (s, n) => `docker run -e ${n.toUpperCase()}_TOKEN=${s} app:latest`],
    ['JSON', (s, n) => `{"service":"${n}","${n}ApiKey":"${s}","retry":3}`],
    ['JSON in JSON', (s, n) => JSON.stringify({ msg: JSON.stringify({ [`${n}_token`]: s }) })],
    ['YAML', (s, n) => `${n}:\n  api_key: ${s}\n  retries: 3`],
    ['quoted YAML', (s, n) => `  ${n}_secret: "${s}"`],
    ['header', (s) => `> X-Api-Key: ${s}`],
    ['bearer', (s) => `curl -H "Authorization: Bearer ${s}" https://api.example.com/v1/items`],
    ['flag', (s) => `deploy --token ${s} --verbose`],
    ['flag with =', (s) => `deploy --api-key=${s}`],
    [
      'log line',
      (s, n) => `level=error ts=2026-11-21T10:00:00Z msg="auth failed" ${n}_api_key=${s} status=401`,
    ],
    ['query', (s) => `GET https://api.example.com/v1/items?page=2&access_token=${encodeURIComponent(s)} 500`],
    [
      'stack trace',
      (s, n) => `Error: connect failed\n    at login (/app/src/a.ts:41:13) { ${n}_token: '${s}' }`,
    ],
    ['code', (s, n) => `const ${n}Secret = '${s}';`],
    ['Python', (s) => `client = Client(api_key='${s}', timeout=3)`],
    ['properties', (s, n) => `app.${n}.client-secret=${s}`],
    ['XML', (s) => `<add key="ApiKey" value="${s}" />`],
    ['pair', (s) => `- name: SERVICE_TOKEN\n  value: ${s}`],
    ['coloured', (s) => `\u001B[31mapi_key=${s}\u001B[0m`],
  ];

export interface Made {
  kind: string;
  place: string;
  text: string;
  secret: string;
}

/** Every format in every surrounding; what has no mark of its own not alone. */
export function secretLines(random: Random): Made[] {
  return formats.flatMap(([kind, format, marked]) =>
    surroundings
      .filter(([place]) => marked || place !== 'alone')
      .map(([place, text]) => {
        const secret = fill(format, random);
        const name = kind.split('-')[0] ?? kind;
        const whole = text(secret, name);
        return { kind, place, text: whole, secret: place === 'query' ? encodeURIComponent(secret) : secret };
      }),
  );
}

/** Lines as programs write them, several of each with other numbers, none with a secret. */
export function ordinaryLines(random: Random): string[] {
  return ordinary.flatMap((line) => Array.from({ length: 5 }, () => fill(line, random)));
}
