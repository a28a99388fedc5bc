import { ConfigError } from '../errors.ts';
import { decodeEnvFile, withUnixLineEnds } from './decode.ts';
import { scanEnv } from './scan.ts';

export interface ParsedEnvFile {
  /** Also the empty ones, which count as unset. */
  values: Record<string, string>;
  /** The same settings in a form that a shell reads as well: without byte order mark and line ends of Windows. */
  text: string;
}

/**
 * Reads a `.env`: what it gives is what `. ./.env` gives in a POSIX shell.
 *
 * @param content its bytes, or its text
 * @param file how the messages name it
 * @throws ConfigError with the line and the name of everything that the two would read differently, never with a value
 */
export function parseEnvFile(content: Uint8Array | string, file: string): ParsedEnvFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const { text, badLine } = decodeEnvFile(bytes);
  if (badLine !== undefined) {
    throw new ConfigError([
      { key: `${file}, line ${badLine}`, rule: 'is no text in UTF-8; save the file as UTF-8' },
    ]);
  }
  const { values, faults } = scanEnv(text);
  if (faults.length === 0) return { values, text: withUnixLineEnds(text) };
  throw new ConfigError(
    faults.map(({ line, name, rule }) => ({
      key: `${file}, line ${line}`,
      rule: name === undefined ? rule : `${name} ${rule}`,
    })),
  );
}
