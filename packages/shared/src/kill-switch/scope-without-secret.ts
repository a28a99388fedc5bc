import { redact } from '@actp/redaction/redact';
import { cleanText } from '../audit/clean-text.ts';

/**
 * A scope of the kill switch as a person wrote it, with a secret in an agent's id replaced. An id is free text, and kept as it
 * is redacted from X-Agent-Id: before its case is folded, by which tokens are known.
 */
export function scopeWithoutSecret(scope: string): string {
  const [, kind, id] = /^(\s*agent\s*:)(.*)$/isu.exec(scope.normalize('NFKC')) ?? [];
  if (kind === undefined || id === undefined || redact(id) === id) return scope;
  return kind + cleanText(id.trim(), 128);
}
