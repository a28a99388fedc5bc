import { rankOf, type Rule, type Scan, type Secret } from '../engine/rule.ts';

// Lines from one part of a manifest to the other, and of its data.
const longestManifest = 4_000;
const longestData = 16_000;
const isSecretKind = /kind["']?:[ \t]{0,4}["']?secret["']?[ \t]{0,4}(?:\r?\n|$|,)/iy;
const dataHead = /(?:string)?data["']?:[ \t]{0,4}(?:#[^\r\n]{0,200})?\r?\n/iy;
const entry =
  /([ \t]{1,16})(#[^\r\n]{0,1000}|["']?[\w.-]{1,253}["']?:[ \t]{0,8}(?:[|>][-+]?[ \t]{0,4}\r?\n[ \t]{1,24})?(["']?)([^\s"'#{][^\r\n"']{0,8000})?["']?[^\r\n]{0,200})(?:\r?\n|$)/dy;
const nextKind = /\n[ \t]{0,8}["']?kind["']?:[ \t]{0,4}["']?secret["']?[ \t]{0,4}(?:\r?\n|$)/i;
const longestKind = 48;
const base64 = /^[A-Za-z0-9+/]{10,}={0,3}$/;

/** Remembers which kind of object a document of YAML is. */
export const manifestNotes: readonly Rule[] = [
  {
    kinds: [],
    keywords: ['kind:', 'kind":', "kind':"],
    family: 'note',
    find(at, scan) {
      isSecretKind.lastIndex = at;
      if (startsLine(scan.text, at) && isSecretKind.test(scan.text)) scan.kindSecretAt = at;
      return undefined;
    },
  },
  {
    kinds: [],
    keywords: ['\n---'],
    family: 'note',
    find(at, scan) {
      // Not the edge of a key.
      if (scan.text[at + 4] !== '-') scan.documentAt = at;
      return undefined;
    },
  },
];

/** Values under `data` and `stringData` of a Kubernetes Secret, which may say before or behind them that it is one. */
export const kubernetesSecret: Rule = {
  kinds: ['kubernetes-secret'],
  keywords: ['data:', 'data":', "data':"],
  family: 'token',
  find(at, scan) {
    const { text } = scan;
    const begin = /^string$/i.test(text.slice(Math.max(0, at - 6), at)) ? at - 6 : at;
    dataHead.lastIndex = begin;
    if (at < scan.blockEnd || !startsLine(text, begin) || !dataHead.test(text)) return undefined;
    const from = dataHead.lastIndex;
    const plain = begin !== at;
    return saysSecret(scan, at) ? entries(scan, begin, from, plain) : undefined;
  },
};

function entries(scan: Scan, lead: number, from: number, plain: boolean): Secret[] {
  const { text } = scan;
  const found: Secret[] = [];
  let at = from;
  let indent = '';
  while (at < text.length && at - from < longestData) {
    entry.lastIndex = at;
    const match = entry.exec(text);
    if (match === null || entry.lastIndex === at) break;
    indent ||= match[1] ?? '';
    if (match[1]?.length !== indent.length) break;
    const span = match.indices?.[4];
    if (span !== undefined && isValue(match[4] ?? '', plain)) {
      found.push({ lead, start: span[0], end: span[1], kind: 'kubernetes-secret', rank: rankOf.block });
    }
    at = entry.lastIndex;
  }
  scan.blockEnd = at;
  return found;
}

const isValue = (value: string, plain: boolean) =>
  base64.test(value.trimEnd()) || (plain && value.length >= 3 && !/^[$<{[]/.test(value));

// At the beginning of a line, behind indent and quotes.
function startsLine(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && at - before < 24 && ' \t"\'-'.includes(text[before] ?? '')) before -= 1;
  return before < 0 || text[before] === '\n';
}

function saysSecret(scan: Scan, at: number): boolean {
  const { text, kindSecretAt, documentAt } = scan;
  if (kindSecretAt > documentAt && kindSecretAt >= 0 && at - kindSecretAt < longestManifest) return true;
  const next = nextSecretKind(scan, at);
  if (next < 0 || next - at > longestManifest) return false;
  return !/\n---(?!-)/.test(text.slice(at, next));
}

// Looked for once and not at each `data:`, so that many of them cost no more than one.
function nextSecretKind(scan: Scan, at: number): number {
  if (scan.nextKindAt >= at) return scan.nextKindAt;
  if (scan.kindsReadTo >= Math.min(scan.text.length, at + longestManifest)) return -1;
  const from = Math.max(at, scan.kindsReadTo - longestKind);
  const window = scan.text.slice(from, at + 2 * longestManifest);
  const match = nextKind.exec(window);
  if (match === null) {
    scan.kindsReadTo = from + window.length;
    return -1;
  }
  // Behind it nobody has looked.
  scan.nextKindAt = from + match.index + 1;
  scan.kindsReadTo = scan.nextKindAt + longestKind;
  return scan.nextKindAt;
}
