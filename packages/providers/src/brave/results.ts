import { z } from 'zod';
import { pageText } from '../pages/page-text.ts';

/** A hit, as plain text: untrusted, like the page that it leads to. */
export interface SearchResult {
  title: string;
  url: string;
  snippet: string;
}

const longestTitle = 300;
const longestSnippet = 1_000;
const longestUrl = 2_048;

const text = z.string().catch('');
const Answer = z.looseObject({
  type: z.literal('search'),
  // Missing when there are no hits.
  web: z
    .looseObject({ results: z.array(z.looseObject({ url: text, title: text, description: text })) })
    .optional(),
});

/**
 * The hits of an answer: those with an address of the web, each address once.
 *
 * @returns undefined when it is not an answer of a search
 */
export function resultsOf(body: unknown, count: number): SearchResult[] | undefined {
  const answer = Answer.safeParse(body);
  if (!answer.success) return undefined;
  const results = new Map<string, SearchResult>();
  for (const { url, title, description } of answer.data.web?.results ?? []) {
    if (results.size === count) break;
    if (!isWebAddress(url) || results.has(url)) continue;
    const snippet = plain(description, longestSnippet);
    results.set(url, { title: plain(title, longestTitle) || new URL(url).hostname, url, snippet });
  }
  return [...results.values()];
}

function isWebAddress(text: string): boolean {
  if (text.length > longestUrl || /[\s\p{Cc}\p{Cf}]/u.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** Titles and descriptions are HTML: entities, and <strong> around words of the query. */
const plain = (html: string, longest: number): string =>
  pageText(html.slice(0, 4 * longest))
    .text.replaceAll('\n', ' ')
    .slice(0, longest)
    .toWellFormed();
