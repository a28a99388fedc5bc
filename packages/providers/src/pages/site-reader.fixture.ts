import type { Pages } from '@actp/testing/pages/server';
import { createPageReader, type PageReaderDeps, type PageResult } from './page-reader.ts';

/** A signal that ends nothing. */
export const never = new AbortController().signal;

/** Reads from a site on loopback, to which all host names lead. */
export function createSiteReader(site: Pages, deps: PageReaderDeps = {}) {
  return createPageReader({
    lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    isAllowed: (address) => address === '127.0.0.1',
    ports: [site.port],
    pageTimeoutMs: 60_000,
    timeoutMs: 60_000,
    ...deps,
  });
}

export async function readOne(
  site: Pages,
  url: string,
  deps: PageReaderDeps = {},
): Promise<PageResult | undefined> {
  return (await createSiteReader(site, deps).readPages([url], never))[0];
}
