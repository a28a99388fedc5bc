import { createHash } from 'node:crypto';
import { redact } from '@actp/redaction/redact';
import { visibleText } from '@actp/shared/visible-text';

export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

/** What a finding is about. */
export const findingKinds = [
  'vulnerability',
  'malware',
  'typosquat',
  'install_script',
  'young',
  'source',
  'integrity',
  'licence',
  'lock_file',
  'secret',
  'env_file',
  'argument',
  'socket',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Something that a person should look at. Its texts are safe to show: nothing invisible, no secret, of bounded length. */
export interface Finding {
  /** The same for the same fault in every run, on every machine. */
  id: string;
  project: string;
  kind: FindingKind;
  severity: Severity;
  package: string | null;
  version: string | null;
  /** Relative to the project's folder, with the line where there is one. */
  path: string | null;
  title: string;
  detail: string;
}

/** What a source says about a finding; `about` is what makes it this one and no other, besides project and kind. */
export interface Observation {
  kind: FindingKind;
  severity: Severity;
  package?: string | null | undefined;
  version?: string | null | undefined;
  path?: string | null | undefined;
  title: string;
  detail?: string | undefined;
  about: readonly string[];
}

export function toFinding(project: string, seen: Observation): Finding {
  return {
    id: findingId([project, seen.kind, ...seen.about]),
    project,
    kind: seen.kind,
    severity: seen.severity,
    package: shownOrNull(seen.package, 214),
    version: shownOrNull(seen.version, 100),
    path: shownOrNull(seen.path, 500),
    title: shown(seen.title, 400),
    detail: shown(seen.detail ?? '', 2_000),
  };
}

/** A UUID (version 8, RFC 9562) made of the words. */
export function findingId(words: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(words)).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

const shownOrNull = (text: string | null | undefined, length: number): string | null =>
  text === null || text === undefined || text === '' ? null : shown(text, length);

/** One line of text that a stranger wrote, for terminals, messages and rows. */
export function shown(text: string, length: number): string {
  // Cut before as well: a name may have megabytes.
  const line = visibleText(redact(text.slice(0, 4 * length)).replaceAll(/[\n\t]/g, ' '));
  const characters = Array.from(line);
  return characters.length <= length && text.length <= 4 * length
    ? line
    : `${characters.slice(0, length - 1).join('')}…`;
}
