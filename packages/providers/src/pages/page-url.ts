import { PageProblem } from './page-problem.ts';

const longest = 2_048;
/** The ports of web sites; behind others there are services that were not made to be asked by strangers. */
export const webPorts: readonly number[] = [80, 443];

/**
 * The address of a page that may be asked for, as far as its text says; where its host leads is checked when it is resolved.
 *
 * @param base what a relative address counts from: the page that redirects
 * @throws PageProblem
 */
export function pageUrl(text: string, ports: readonly number[], base?: URL): URL {
  if (text.length > longest) throw new PageProblem('its address is too long');
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw new PageProblem('not a web address');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new PageProblem('not a web address');
  if (url.username !== '' || url.password !== '')
    throw new PageProblem('its address holds a user name or password');
  if (!ports.includes(portOf(url)))
    throw new PageProblem('its address names a port that is not for web pages');
  url.hash = '';
  return url;
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
