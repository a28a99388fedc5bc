import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { acceptedEncodings } from './limited-body.ts';
import type { ResolvedAddress } from './pinned-address.ts';

const headers = {
  accept: 'text/html, application/xhtml+xml, text/plain;q=0.8',
  'accept-encoding': acceptedEncodings,
  'accept-language': 'en, *;q=0.5',
  'user-agent': 'Mozilla/5.0 (compatible; actp-worker; reads single pages for people who ask)',
};

/**
 * Asks for a page over a connection of its own, to exactly this address. Redirects are answers like others.
 *
 * @throws what the connection fails with
 */
export function requestPage(
  url: URL,
  pinned: ResolvedAddress,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const lookup: LookupFunction = (_hostname, options, callback) => {
    if (options.all === true) callback(null, [pinned]);
    else callback(null, pinned.address, pinned.family);
  };
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, { method: 'GET', headers, lookup, signal, agent: false }, resolve).on('error', reject).end();
  });
}
