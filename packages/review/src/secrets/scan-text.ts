import { createHash } from 'node:crypto';
import { longestLookBack, longestReach, rankOf, type Secret } from '@actp/redaction/engine/rule';
import { isSecretShaped } from '@actp/redaction/mask/secret-shape';
import { finder } from '@actp/redaction/redact';

/** A secret in a text: where, of which kind, and a mark that is the same for the same one and says nothing of it. */
export interface FoundSecret {
  kind: string;
  /** Counted from 1. */
  line: number;
  mark: string;
  /** Of a commit or tag: above its message. */
  inHeader?: boolean;
}

export interface SecretScanner {
  /** Takes the next piece of a text, in Latin-1. */
  push(chunk: string): void;
  /** The rest; gives what was found in all of it. */
  end(): FoundSecret[];
}

// A file with more of them is data about secrets, and a hundred say as much.
const mostFound = 100;

/**
 * Scans a text that comes in pieces, in memory that does not grow with it. Logs are redacted when in doubt; here a person has to look at what is
 * found, so that a value counts only when it has a form of its own (a token, a private key), or looks random.
 */
export function createSecretScanner(): SecretScanner {
  let text = '';
  let done = 0;
  let line = 1;
  let found = new Map<string, FoundSecret>();

  const scanTo = (cut: number) => {
    let at = done;
    for (const secret of finder.find(text, done, cut) ?? []) {
      line += lineEnds(text, at, secret.start);
      at = Math.max(at, secret.start);
      const value = text.slice(secret.start, secret.end);
      if (found.size >= mostFound || !isMeant(value, secret)) continue;
      const mark = markOf(value);
      const key = `${secret.kind}\n${mark}`;
      if (!found.has(key)) found.set(key, { kind: secret.kind, line, mark });
    }
    line += lineEnds(text, at, cut);
    const kept = Math.max(0, cut - longestLookBack);
    text = text.slice(kept);
    done = cut - kept;
  };

  return {
    push(chunk) {
      text += chunk;
      const cut = text.length - longestReach;
      if (cut - done > longestReach) scanTo(cut);
    },
    end() {
      scanTo(text.length);
      const all = [...found.values()];
      [text, done, line, found] = ['', 0, 1, new Map()];
      return all;
    },
  };
}

/** A secret in a short text, with its place there. */
export interface TextSecret extends Omit<FoundSecret, 'line'> {
  start: number;
  end: number;
}

/** The secrets in a name or another short text, in Latin-1, in order. */
export const secretsInText = (text: string): TextSecret[] =>
  (finder.find(text) ?? []).flatMap((secret) => {
    const { start, end, kind } = secret;
    const value = text.slice(start, end);
    return isMeant(value, secret) ? { kind, mark: markOf(value), start, end } : [];
  });

// 16 bits: enough to tell two in one file apart, too few to test guesses with.
const markOf = (value: string) => createHash('sha256').update(value, 'latin1').digest('hex').slice(0, 4);

const shortestKey = 200;
const wordsOfSamples =
  /example|sample|dummy|placeholder|changeme|your[-_]|fake|test|xxxx|1234567|abcdef|\.{3}/i;

function isMeant(value: string, { kind, rank }: Secret): boolean {
  if (kind === 'private-key') return value.length >= shortestKey && !value.includes('...');
  if (wordsOfSamples.test(value)) return false;
  const known = rank >= rankOf.token;
  // The beginning of a JSON Web Token is the same in all of them.
  if (kind === 'jwt') return value.length >= 100 && value.split('.').every((part) => part.length >= 16);
  if (known) return value.length >= 16 && isVaried(value);
  return value.length >= 20 && isSecretShaped(value, false);
}

// Tokens that somebody made up repeat themselves.
const isVaried = (value: string) => new Set(value).size >= Math.min(12, value.length / 3);

function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
