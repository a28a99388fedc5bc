import type { IncomingMessage } from 'node:http';
import { span } from '@actp/shared/telemetry/tracer';
import { BodyTooLarge, readBody, UnknownEncoding } from './limited-body.ts';
import { PageProblem } from './page-problem.ts';
import { pageUrl } from './page-url.ts';
import { pinnedAddress, type AddressRules } from './pinned-address.ts';
import { requestPage } from './request-page.ts';
import { decodePage, isHtml, mediaTypeOf, type MediaType } from './media-type.ts';

export interface FetchRules extends AddressRules {
  ports: readonly number[];
  /** Of the page as it is sent, and after decompression. */
  limitBytes: number;
}

export interface FetchedPage {
  text: string;
  isHtml: boolean;
}

const mostRedirects = 5;
const redirects: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Asks for a page as a stranger does: no cookies, no credentials. Every address that it is redirected to is checked like the first one.
 *
 * @throws PageProblem, or the signal's reason
 */
export async function fetchPage(
  address: string,
  rules: FetchRules,
  signal: AbortSignal,
): Promise<FetchedPage> {
  let url = pageUrl(address, rules.ports);
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const attributes = { 'http.request.method': 'GET', 'server.address': url.host };
    const step = await span('page', { kind: 'client', attributes }, () => fetchOnce(url, rules, signal));
    if ('text' in step) return step;
    url = pageUrl(step.location, rules.ports, url);
  }
  throw new PageProblem('it redirects too often');
}

async function fetchOnce(
  url: URL,
  rules: FetchRules,
  signal: AbortSignal,
): Promise<FetchedPage | { location: string }> {
  const pinned = await pinnedAddress(url, rules, signal);
  let response: IncomingMessage | undefined;
  try {
    response = await requestPage(url, pinned, signal);
    return await pageOf(response, rules);
  } catch (error) {
    signal.throwIfAborted();
    throw problemOf(error, rules.limitBytes);
  } finally {
    // With its connection; what is left of it is of no more use.
    response?.on('error', () => undefined).destroy();
  }
}

async function pageOf(
  response: IncomingMessage,
  { limitBytes }: FetchRules,
): Promise<FetchedPage | { location: string }> {
  const { statusCode = 0, headers } = response;
  if (redirects.includes(statusCode)) {
    if (headers.location === undefined) throw new PageProblem('it redirects to nowhere');
    return { location: headers.location };
  }
  if (statusCode < 200 || statusCode > 299) throw new PageProblem(`its server answered with ${statusCode}`);
  const type: MediaType | undefined = mediaTypeOf(headers['content-type']);
  if (type === undefined) throw new PageProblem('not an HTML page or plain text');
  const bytes = await readBody(response, headers['content-encoding'], limitBytes);
  return { text: decodePage(bytes, type), isHtml: isHtml(type) };
}

function problemOf(error: unknown, limitBytes: number): PageProblem {
  if (error instanceof PageProblem) return error;
  const options = { cause: error };
  if (error instanceof BodyTooLarge)
    return new PageProblem(`larger than ${limitBytes / 1_048_576} MiB`, options);
  if (error instanceof UnknownEncoding) return new PageProblem('its compression is not known', options);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(?:Z_|ERR_.*BROTLI|ERR__ERROR)/.test(code))
    return new PageProblem('it cannot be decompressed', options);
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return new PageProblem('timed out', options);
  if (/CERT|TLS|SSL|SELF_SIGNED|VERIFY/.test(code))
    return new PageProblem('its certificate is not valid', options);
  return new PageProblem('its server closed the connection or cannot be reached', options);
}
