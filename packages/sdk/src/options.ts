import type { Approval } from './approval.ts';
import { ActpError } from './errors.ts';
import { createSign, type Sign } from './sign.ts';

/** The action ran, and the plane could not be told how it ended; there its outcome will become `unknown`. */
export interface ReportFailure {
  /** Absent for what the policy allowed without one. */
  approval: Approval | undefined;
  grantId: string;
  outcome: 'succeeded' | 'failed';
  error: unknown;
}

export interface ClientOptions {
  /** Where the gateway listens, for instance `http://127.0.0.1:8787`. Redirects are not followed. */
  url: string;
  /** WORKER_SECRET. */
  secret: string;
  /** SIGNING_SECRET (`whsec_...`), where the plane wants critical calls signed. */
  signingSecret?: string | undefined;
  /** Who acts: 1 to 128 printable ASCII characters; `worker` by default. Stable across restarts. */
  agentId?: string | undefined;
  /** In place of the global one. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** How long one long poll stays open, 0 to 55; 45 by default, since many proxies cut a silent connection at 60. */
  waitSeconds?: number | undefined;
  /** How long one answer may take, beside the waiting above; 5 by default (the plane itself says no within 2). */
  timeoutSeconds?: number | undefined;
  /** How long a call is tried again while the plane is unavailable; 10 by default. */
  retrySeconds?: number | undefined;
  /** The same while waiting for a person, and when reporting an outcome: long enough for a restart; 60 by default. */
  patienceSeconds?: number | undefined;
  /** Told when `guard` could not report an outcome; by default a warning on the console. */
  onReportFailure?: ((failure: ReportFailure) => void) | undefined;
}

/** What the parts of a client work with: checked, in milliseconds. */
export interface Settings {
  url: string;
  secret: string;
  /** Absent: nothing is signed. */
  sign: Sign | undefined;
  agentId: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  waitSeconds: number;
  timeoutMs: number;
  retryMs: number;
  patienceMs: number;
  onReportFailure: (failure: ReportFailure) => void;
}

/** @throws ActpError `invalid_argument`, naming the option and never its value */
export function readOptions(options: ClientOptions): Settings {
  return {
    url: readUrl(options.url),
    sign: options.signingSecret === undefined ? undefined : readSign(options.signingSecret),
    // Checked here because fetch quotes a header that it cannot send.
    secret: readText('secret', options.secret, /^[\x21-\x7e]+$/),
    agentId: readText('agentId', options.agentId ?? 'worker', /^[\x21-\x7e][\x20-\x7e]{0,127}$/),
    // Looked up at each call, so that it is called as the global function that it is.
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    waitSeconds: Math.trunc(readSeconds('waitSeconds', options.waitSeconds, 45, 55)),
    timeoutMs: readSeconds('timeoutSeconds', options.timeoutSeconds, 5, 600) * 1_000,
    retryMs: readSeconds('retrySeconds', options.retrySeconds, 10, 86_400) * 1_000,
    patienceMs: readSeconds('patienceSeconds', options.patienceSeconds, 60, 86_400) * 1_000,
    onReportFailure: options.onReportFailure ?? warn,
  };
}

function readUrl(value: string): string {
  // Written in JavaScript, or read out of an environment, nothing may be there.
  if (!value) refuse('url is missing');
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    refuse('url must begin with http:// or https://');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    refuse('url must have no user, password, query or fragment');
  }
  return url.href.replace(/\/+$/, '');
}

function readSign(secret: string): Sign {
  return createSign(secret) ?? refuse('signingSecret must be whsec_ and a key in base64');
}

function readText(name: string, value: unknown, form: RegExp): string {
  if (typeof value === 'string' && form.test(value)) return value;
  if (value === undefined || value === null || value === '') {
    refuse(`${name} is missing${name === 'secret' ? ": it is WORKER_SECRET, or the agent's own key" : ''}`);
  }
  refuse(`${name} must be printable ASCII characters that fit into a header`);
}

function readSeconds(name: string, value: number | undefined, fallback: number, most: number): number {
  const seconds = value ?? fallback;
  if (typeof seconds === 'number' && seconds >= 0 && seconds <= most) return seconds;
  refuse(`${name} must be from 0 to ${most}`);
}

function refuse(message: string): never {
  throw new ActpError('invalid_argument', message);
}

function warn({ approval, grantId, outcome, error }: ReportFailure): void {
  const what = approval === undefined ? `grant ${grantId}` : `approval ${approval.id}`;
  // oxlint-disable-next-line no-console -- an unreported outcome must not be silent when nobody asked to be told
  console.warn(`actp: the outcome of ${what} (${outcome}) could not be reported:`, error);
}
