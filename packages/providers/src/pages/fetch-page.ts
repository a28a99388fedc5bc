import { request, type Dispatcher } from 'undici';
import { acceptedEncodings, BodyTooLarge, readBody, UnknownEncoding } from './limited-body.ts';
import { PageProblem } from './page-problem.ts';
import { pageUrl } from './page-url.ts';
import { createPinnedAgent, type AddressRules } from './pinned-agent.ts';
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
    const step = await fetchOnce(url, rules, signal);
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
  const agent = await createPinnedAgent(url, rules, signal);
  try {
    const response = await request(url, { dispatcher: agent, signal, headers });
    return await pageOf(response, rules);
  } catch (error) {
    signal.throwIfAborted();
    throw problemOf(error, rules.limitBytes);
  } finally {
    // Not waited for: whatever is still open is of no more use.
    agent.destroy().catch(() => undefined);
  }
}

const headers = {
  accept: 'text/html, application/xhtml+xml, text/plain;q=0.8',
  'accept-encoding': acceptedEncodings,
  'accept-language': 'en, *;q=0.5',
  'user-agent': 'Mozilla/5.0 (compatible; actp-worker; reads single pages for people who ask)',
};

async function pageOf(
  { statusCode, headers: got, body }: Dispatcher.ResponseData,
  { limitBytes }: FetchRules,
): Promise<FetchedPage | { location: string }> {
  // What is left unread here is dropped with its connection.
  body.on('error', () => undefined);
  if (redirects.includes(statusCode)) {
    const { location } = got;
    if (typeof location !== 'string') throw new PageProblem('it redirects to nowhere');
    return { location };
  }
  if (statusCode < 200 || statusCode > 299) throw new PageProblem(`its server answered with ${statusCode}`);
  const type: MediaType | undefined = mediaTypeOf(got['content-type']);
  if (type === undefined) throw new PageProblem('not an HTML page or plain text');
  const bytes = await readBody(body, got['content-encoding'], limitBytes);
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
