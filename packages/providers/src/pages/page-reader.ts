import { lookup as systemLookup } from 'node:dns/promises';
import { fetchPage, type FetchRules } from './fetch-page.ts';
import { PageProblem } from './page-problem.ts';
import { pageText, tidy, type PageText } from './page-text.ts';
import { webPorts } from './page-url.ts';
import type { Lookup } from './pinned-address.ts';
import { isPublicAddress } from './public-address.ts';

export interface PageReaderDeps {
  /** All addresses of a host; the system's resolver when left out. */
  lookup?: Lookup;
  /** Which addresses may be connected to; those of the public internet when left out. Tests have their pages on loopback. */
  isAllowed?: (address: string) => boolean;
  /** 80 and 443 when left out. */
  ports?: readonly number[];
  /** For one page. */
  pageTimeoutMs?: number;
  /** For all pages of one call together. */
  timeoutMs?: number;
  limitBytes?: number;
}

/** `problem` is a few words for a person, for instance `timed out`. */
export type PageResult = { url: string; title: string; text: string } | { url: string; problem: string };

export type PageReader = ReturnType<typeof createPageReader>;

// Of the 10 seconds that reading may take, one is for turning what came into text.
const defaults = { pageTimeoutMs: 7_000, timeoutMs: 9_000, limitBytes: 2 * 1_048_576 };
// A long article; what comes later in a page says little about its topic.
const longestText = 40_000;

/** Reads pages of the web that strangers have named: from public addresses only, and no more of them than is of use. */
export function createPageReader(deps: PageReaderDeps = {}) {
  const { pageTimeoutMs, timeoutMs, limitBytes } = { ...defaults, ...deps };
  const rules: FetchRules = {
    lookup: deps.lookup ?? ((hostname) => systemLookup(hostname, { all: true })),
    isAllowed: deps.isAllowed ?? isPublicAddress,
    ports: deps.ports ?? webPorts,
    limitBytes,
  };

  async function readPage(url: string, total: AbortSignal): Promise<PageResult> {
    try {
      const page = await fetchPage(url, rules, AbortSignal.any([total, AbortSignal.timeout(pageTimeoutMs)]));
      const { title, text }: PageText = page.isHtml
        ? pageText(page.text)
        : { title: '', text: tidy(page.text) };
      if (text === '') return { url, problem: 'it holds no text' };
      return { url, title, text: text.slice(0, longestText).toWellFormed() };
    } catch (error) {
      if (error instanceof PageProblem) return { url, problem: error.message };
      return { url, problem: isTimeout(error) ? 'timed out' : 'it could not be read' };
    }
  }

  return {
    /**
     * Reads all pages at the same time, each at most once, within the time for all. Results are in the order of the addresses.
     *
     * @throws the signal's reason when the caller ends it
     */
    async readPages(urls: readonly string[], signal: AbortSignal): Promise<PageResult[]> {
      const total = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const results = await Promise.all(urls.map((url) => readPage(url, total)));
      signal.throwIfAborted();
      return results;
    },
  };
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';
