import { badRequest } from './api-error.ts';

/** What a call carries: strings from a query or form, any JSON from a JSON body, files from a multipart body. */
export type Params = Readonly<Record<string, unknown>>;

export interface UploadedFile {
  file_name: string;
  mime_type: string;
  bytes: Uint8Array;
}

/** A whole number, also when it came as text; undefined when it is absent or is none. */
export function integerParam(params: Params, name: string): number | undefined {
  const value = params[name];
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value === 'string' && /^-?\d{1,16}$/.test(value)) return Number(value);
  return undefined;
}

/** Text; a number or a boolean of a JSON body counts as its text. */
export function textParam(params: Params, name: string): string | undefined {
  const value = params[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** Telegram's idea of true: `true`, `"true"`, `yes`, `1`. */
export function flagParam(params: Params, name: string): boolean {
  const value = textParam(params, name)?.toLowerCase();
  return value === 'true' || value === 'yes' || value === '1';
}

/**
 * An object or array, which a query or form carries as JSON text.
 *
 * @param what how Telegram names it in "can't parse ..."
 * @throws BotApiError 400 when the text is no JSON
 */
export function jsonParam(params: Params, name: string, what: string): unknown {
  const value = params[name];
  if (typeof value !== 'string') return value;
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`can't parse ${what} JSON object`);
  }
}

/** An object with string keys, and not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
