import { readFile } from 'node:fs/promises';
import { ConfigError } from '../errors.ts';
import { parseEnvFile, type ParsedEnvFile } from './parse.ts';

export interface EnvFileContent extends ParsedEnvFile {
  bytes: Uint8Array;
}

/**
 * Reads `.env`; a missing file is empty.
 *
 * @throws ConfigError when it cannot be read, or when a shell would read it otherwise
 */
export async function readEnvFile(file: string): Promise<EnvFileContent> {
  const bytes = await bytesOf(file);
  return { bytes, ...parseEnvFile(bytes, file) };
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT') return new Uint8Array();
    const remedy =
      code === 'EISDIR'
        ? 'it is a directory; move it away'
        : 'make it readable for this user, or move it away';
    const rule = `cannot be read (${code}); ${remedy}`;
    throw new ConfigError([{ key: file, rule }], { cause: error });
  }
}
