import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';

const v = '«YWRtaW46cGFzcw==»';
const isTaken = (text: string) =>
  expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'kubernetes-secret'));
const stays = (text: string) => expect(redact(text)).toBe(text);
const manifest = (entries: string) => `kind: Secret\ndata:\n${entries}\n`;

describe('the values of a Secret of Kubernetes', () => {
  it.each([
    // Where it says that it is one.
    `kind: Secret\ndata:\n  extra: ${v}\n`,
    `kind: Secret\r\ndata:\r\n  extra: ${v}\r\n`,
    `kind:Secret\ndata:\n  extra: ${v}`,
    `kind: "Secret"\ndata:\n  extra: ${v}\n`,
    `kind: 'Secret' \t\ndata:\n  extra: ${v}\n`,
    `  kind: Secret\n  data:\n    extra: ${v}\n`,
    `- kind: Secret\n  data:\n    extra: ${v}\n`,
    `"kind": "Secret",\ndata:\n  extra: ${v}\n`,
    `'kind': Secret\n'data':\n  extra: ${v}\n`,
    `KIND: SECRET\nDATA:\n  extra: ${v}\n`,
    `data:\n  extra: ${v}\nkind: Secret\n`,
    `data:\n  extra: ${v}\nkind: Secret`,
    `data:\n  extra: ${v}\nkind:Secret\n`,
    `data:\n  extra: ${v}\nkind:   Secret\n`,
    `kind: Secret\nx: y\n-----BEGIN\ndata:\n  extra: ${v}\n`,
    `data:\n  extra: ${v}\n"kind":\t"Secret"\n`,
    `data:\n  extra: ${v}\n'kind': 'Secret' \r\n`,
    `---\nkind: Secret\ndata:\n  extra: ${v}\n---\nkind: ConfigMap\n`,
    `kind: ConfigMap\n---\nkind: Secret\ndata:\n  extra: ${v}\n`,
    `kind: Secret\ndata:\n  a: ${v}\n---\nkind: Secret\ndata:\n  b: «Ym9iOnBhc3N3ZA==»\n`,
    `kind: Secret\nx: ${'y'.repeat(3_900)}\ndata:\n  extra: ${v}\n`,
    `data:\n  extra: ${v}\nx: ${'y'.repeat(3_900)}\nkind: Secret\n`,
    `data:\n  a: ${v}\n-----BEGIN\nkind: Secret\n`,
    // How its values are written.
    `kind: Secret\ndata: # all of them\n  extra: ${v}\n`,
    `kind: Secret\ndata: \t\n  extra: ${v}\n`,
    `kind: Secret\n"data":\n  "extra": "${v}"\n`,
    manifest(`  a: ${v}\n  b.c-d_2: «Ym9iOnBhc3N3ZA==»`),
    manifest(`  a: ${v}\n  # b: of no use\n  c: «Ym9iOnBhc3N3ZA==»`),
    manifest(`  a: "${v}"\n  'b': '«Ym9iOnBhc3N3ZA==»'`),
    manifest(`  a: "${v}" # of ann`),
    manifest(`  a: |\n    ${v}\n  b: >-\n    «Ym9iOnBhc3N3ZA==»`),
    manifest(`\ta:\t${v}`),
    manifest(`  a: | \n    ${v}`),
    manifest('  a: «YWRtaW46cGFzcw== »'),
    'kind: Secret\nstringData:\n  a: «x$4k»\n',
    manifest(` a:${v}`),
    manifest(`  a: «Ym9iOnBhc3N3ZDEy===»`),
    manifest('  a: «YWRtaW46cG»'),
    // As they are.
    'kind: Secret\nstringData:\n  a: «x4k»\n  b: "«one two»"\n',
    'kind: Secret\nstringdata:\n  a: «x4k»\n',
    'stringData:\n  a: «x4k»\nkind: Secret\n',
    `kind: Secret\nstringData:\n  a: «x4k»\ndata:\n  b: ${v}\n`,
  ])('[SEC-020] are taken out: %j', (text) => {
    isTaken(text);
  });

  it.each([
    `kind: ConfigMap\ndata:\n  extra: ${v}\n`,
    `kind: Secrets\ndata:\n  extra: ${v}\n`,
    `kind: Secret x\ndata:\n  extra: ${v}\n`,
    `mankind: Secret\ndata:\n  extra: ${v}\n`,
    `x kind: Secret\ndata:\n  extra: ${v}\n`,
    `kind: Secret\n---\nkind: ConfigMap\ndata:\n  extra: ${v}\n`,
    `data:\n  extra: ${v}\n---\nkind: Secret\n`,
    `kind: Secret\nx: ${'y'.repeat(4_000)}\ndata:\n  extra: ${v}\n`,
    `data:\n  extra: ${v}\nx: ${'y'.repeat(4_100)}\nkind: Secret\n`,
    `kind: Secret\nmetadata:\n  extra: ${v}\n`,
    `kind: Secret\nx data:\n  extra: ${v}\n`,
    `kind: Secret\ndata: {}\n  extra: ${v}\n`,
    `kind: Secret\ndata:\nextra: ${v}\n`,
    manifest('  a: YWRtaW46c'),
    manifest('  a: YWRtaW46cGFzcw!='),
    manifest('  a: !YWRtaW46cGFzcw='),
    manifest('  a: {YWRtaW46cGFzcw}'),
    manifest('  a:'),
    manifest('  a: #YWRtaW46cGFzcw'),
    'kind: Secret\nstringData:\n  a: x4\n',
    'kind: Secret\nstringData:\n  a: $x4k\n  b: <x4k>\n  c: [x4k]\n',
    `kind: Secret\nmydata:\n  extra: ${v}\n`,
  ])('are no others: %j', (text) => {
    stays(withoutMarks(text));
  });

  it('end where they are no longer further to the right in the same way', () => {
    const [first, second] = ['YWRtaW46cGFzcw==', 'Ym9iOnBhc3N3ZA=='];
    for (const line of [
      `type: ${second}`,
      `    b: ${second}`,
      ` b: ${second}`,
      `metadata:\n  b: ${second}`,
    ]) {
      expect(withoutFingerprints(redact(manifest(`  a: ${first}\n${line}`)))).toBe(
        manifest(`  a: [redacted:kubernetes-secret]\n${line}`),
      );
    }
  });
});
