import { z } from 'zod';
import type { OutsideReply, OutsideRequest } from '../outside/route.ts';
import { startOutside } from '../outside/server.ts';

/** A page of the web site. Binary bodies are for encodings and charsets. */
export interface Page {
  body: string | Buffer;
  /** `text/html; charset=utf-8` when left out. */
  type?: string;
  status?: number;
  headers?: Record<string, string>;
}

const SetPage = z.strictObject({
  path: z.string().startsWith('/'),
  body: z.string(),
  type: z.string().optional(),
  status: z.int().optional(),
  headers: z.record(z.string(), z.string()).optional(),
});

export type Pages = Awaited<ReturnType<typeof startPages>>;

/**
 * A web site on loopback: pages and redirects by path, and the faults of every stand-in (huge, inflating, slow, cut off, redirects to a private
 * address). All host names that are resolved to loopback show the same pages.
 */
export async function startPages(options: { port?: number } = {}) {
  const pages = new Map<string, Page>();

  function reply({ path }: OutsideRequest): OutsideReply {
    const page = pages.get(path);
    if (page === undefined) return html(404, '<title>Not found</title><h1>Not found</h1>');
    const headers = { 'content-type': page.type ?? htmlType, ...page.headers };
    return { status: page.status ?? 200, headers, body: page.body };
  }

  const set = (path: string, page: Page) => void pages.set(path, page);
  const outside = await startOutside({
    routes: [],
    notFound: reply,
    controls: {
      page: (body) => {
        const { path, body: text, type, status, headers } = SetPage.parse(body);
        set(path, {
          body: text,
          ...(type && { type }),
          ...(status && { status }),
          ...(headers && { headers }),
        });
        return {};
      },
    },
    ...options,
  });
  const port = Number(new URL(outside.url).port);
  return {
    ...outside,
    port,
    set,
    setHtml: (path: string, body: string) => set(path, { body }),
    redirect: (path: string, location: string, status = 302) =>
      set(path, { status, headers: { location }, body: '' }),
    /** The address of a page under a host name, which the reader's resolver has to lead to loopback. */
    at: (path: string, host = 'site.example') => `http://${host}:${port}${path}`,
    /** The paths that were asked for, in their order. */
    paths: () => outside.log.requests.map(({ path }) => path),
  };
}

const htmlType = 'text/html; charset=utf-8';

const html = (status: number, body: string): OutsideReply => ({
  status,
  headers: { 'content-type': htmlType },
  body,
});
