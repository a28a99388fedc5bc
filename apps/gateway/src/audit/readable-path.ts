import { cleanText } from '@actp/shared/audit/clean-text';

/** A request's path for the record: percent signs would hide a secret from redaction, and a cut would leave half of one. */
export function readablePath(path: string): string {
  return cleanText(decoded(path), 512);
}

function decoded(path: string): string {
  try {
    // Postgres has no text with NUL.
    return decodeURIComponent(path).replaceAll('\0', '%00');
  } catch {
    return path;
  }
}
