import { randomBytes } from 'node:crypto';
import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { createFinder } from '@actp/redaction/engine/find-secrets';
import { hostileTexts } from '@actp/redaction/samples/hostile-texts';
import { shortest } from '@actp/testing/growth';
import { redact } from '@actp/redaction/redact';
import { redactValue } from '@actp/redaction/redact-value';
import { allRules } from '@actp/redaction/rules/all-rules';
import { plainRedact } from './plain-redact.ts';
import { amount } from './smoke.ts';

/*
 * How fast a log of 8 MB is redacted when one line of a hundred holds a secret: the engine, a plain list of regular
 * expressions with neither keywords nor structure, and secretlint's recommended preset line by line (on a part of the log,
 * since it needs long). Then the fields of one log line, and for every rule the text that keeps it busiest. Exit code 1 when
 * a limit is missed. All of it in processor time.
 */
const logBytes = amount(8_000_000, 200_000);
const rounds = amount(7, 1);
const linted = amount(2_000, 20);
const limits = { mbPerSecond: 15, ruleMs: 20 };
const hostileLength = 65_536;

const write = (line: string) => process.stdout.write(`${line}\n`);
let missed = 0;

write(`machine  ${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`);
write(`node     ${process.version}`);
const log = makeLog();
const lines = log.split('\n');
write(`log      ${(log.length / 1e6).toFixed(1)} MB, ${lines.length} lines, 1 % with a secret\n`);

const engine: number[] = [];
const byLine: number[] = [];
const plain: number[] = [];
const lint: number[] = [];
for (let round = 0; round <= rounds; round += 1) {
  const rates = [
    rateOf(log.length, () => redact(log)),
    rateOf(log.length, () => lines.forEach((line) => redact(line))),
    rateOf(log.length, () => lines.forEach((line) => plainRedact(line))),
    await lintRate(),
  ] as const;
  // The first round warms up.
  if (round === 0) continue;
  for (const [index, list] of [engine, byLine, plain, lint].entries()) list.push(rates[index] ?? 0);
}
const own = median(engine);
const ok = own >= limits.mbPerSecond;
if (!ok) missed += 1;
show('redact, whole log', engine, `at least ${limits.mbPerSecond}${ok ? '' : ': MISSED'}`);
show('redact, line by line', byLine);
show('plain list of patterns', plain, `the engine is ${ratio(byLine, plain)} times as fast, line by line`);
show('@secretlint/core', lint, `the engine is ${ratio(byLine, lint)} times as fast, line by line`);

write('');
const fields = {
  method: 'POST',
  route: '/v1/guard',
  status: 200,
  ms: 3,
  request_id: '550e8400-e29b-41d4-a716-446655440000',
  agent_id: 'worker',
  action: 'stripe.charge',
  decision: 'allowed',
  ip_address: '127.0.0.1',
};
const times = 400_000;
const perObject = Array.from({ length: rounds }, () => nanoseconds(times, () => redactValue(fields)));
write(
  `fields   redactValue() of a log line's ${Object.keys(fields).length} fields ${median(perObject).toFixed(0)} ns (${spread(perObject)})`,
);
const perText = Array.from({ length: rounds }, () =>
  nanoseconds(times, () => redact('stripe.charge was allowed')),
);
write(`text     redact() of 25 characters ${median(perText).toFixed(0)} ns (${spread(perText)})`);

write('');
const slowest = allRules
  .map((rule) => ({ kind: rule.kinds[0] ?? rule.keywords.join(' '), ...busiest(rule) }))
  .sort((a, b) => b.ms - a.ms);
const over = slowest.filter(({ ms }) => ms >= limits.ruleMs);
if (over.length > 0) missed += 1;
write(
  `rules    ${allRules.length}, kinds ${new Set(allRules.flatMap(({ kinds }) => kinds)).size}; the busiest with 64 KiB of their own worst case:`,
);
for (const { kind, ms, text } of slowest.slice(0, 5))
  write(`         ${ms.toFixed(1).padStart(5)} ms  ${kind}  ${JSON.stringify(text.slice(0, 40))}`);
write(
  `wanted   less than ${limits.ruleMs} ms${over.length === 0 ? '' : `: MISSED by ${over.map(({ kind }) => kind).join(', ')}`}`,
);
process.exitCode = missed === 0 ? 0 : 1;

function makeLog(): string {
  const id = () => randomBytes(8).toString('hex');
  const secret = () => randomBytes(24).toString('base64url');
  const ordinary = [
    () => `2026-11-21T23:24:25.123Z INFO server listening on http://127.0.0.1:3000`,
    () =>
      `10.0.0.7 - - [21/Nov/2026:10:00:00 +0000] "GET /api/v1/items?page=2 HTTP/1.1" 200 1234 "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"`,
    () =>
      `{"level":"info","time":"2026-11-21T10:00:00.000Z","app":"gateway","msg":"request","method":"POST","route":"/v1/guard","status":200,"ms":3,"request_id":"${id()}-${id()}"}`,
    () => `Nov 21 10:00:00 host systemd[1]: Started Daily apt upgrade and clean activities.`,
    () =>
      `I1121 10:00:00.000000       1 reconciler.go:224] "operationExecutor.VerifyControllerAttachedVolume started for volume \\"kube-api-access-x7k\\""`,
    () =>
      `2026-11-21 10:00:00.000 UTC [123] LOG:  duration: 12.345 ms  statement: SELECT id, name, key, auth_time FROM users WHERE id = 12`,
    () => `    at Object.<anonymous> (/app/node_modules/express/lib/router/index.js:45:11)`,
    () => `trace_id=${id()}${id()} span_id=${id()} user logged in, token refreshed`,
  ];
  const leaking = [
    () => `ERROR login failed password=${secret()}`,
    () => `> Authorization: Bearer ${secret()}`,
    () => `cannot connect to postgres://app:${secret()}@db:5432/main`,
    () => `{"level":"error","config":{"apiKey":"${secret()}"}}`,
    () => `fetch failed: https://host/v1?access_token=${secret()}`,
  ];
  const parts: string[] = [];
  for (let i = 0, length = 0; length < logBytes; i += 1) {
    const from = i % 100 === 99 ? leaking : ordinary;
    const line = from[(i % 100 === 99 ? (i - 99) / 100 : i) % from.length]?.() ?? '';
    parts.push(line);
    length += line.length + 1;
  }
  return Buffer.from(parts.join('\n')).toString();
}

/** Milliseconds of processor time of this process so far: what else the machine does is none of it. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Megabytes a second of processor time. */
function rateOf(length: number, run: () => void): number {
  const begun = processorMs();
  run();
  return length / 1_000 / (processorMs() - begun);
}

async function lintRate(): Promise<number> {
  const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };
  const part = lines.slice(0, linted);
  const length = part.reduce((sum, line) => sum + line.length + 1, 0);
  const begun = processorMs();
  for (const content of part) {
    await lintSource({
      source: { content, filePath: 'app.log', ext: '.log', contentType: 'text' },
      options: { config, noPhysicFilePath: true },
    });
  }
  return length / 1_000 / (processorMs() - begun);
}

function busiest(rule: (typeof allRules)[number]): { ms: number; text: string } {
  const finder = createFinder([rule]);
  let worst = { ms: 0, text: '' };
  for (const text of hostileTexts(rule, hostileLength)) {
    let ms = Infinity;
    // What else the machine does only makes it longer: the shortest of some runs counts, if it matters.
    for (let i = 0; i < 5 && ms > worst.ms && (i === 0 || ms > 1); i += 1) {
      ms = Math.min(
        ms,
        shortest(1, () => finder.find(text)),
      );
    }
    if (ms > worst.ms) worst = { ms, text };
  }
  return worst;
}

function nanoseconds(n: number, run: () => unknown): number {
  const begun = processorMs();
  for (let i = 0; i < n; i += 1) run();
  return ((processorMs() - begun) * 1e6) / n;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function ratio(a: readonly number[], b: readonly number[]): string {
  return (median(a) / median(b)).toFixed(1);
}

function spread(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)} in ${values.length} rounds`;
}

function show(what: string, rates: readonly number[], note = ''): void {
  write(
    `${what.padEnd(24)} ${median(rates).toFixed(1).padStart(6)} MB/s (${spread(rates)})${note === '' ? '' : `; ${note}`}`,
  );
}
