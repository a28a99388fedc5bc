import { createContext, runInContext } from 'node:vm';
import { Hono } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { pageScriptRoutes } from './page-scripts.ts';

export const origin = 'http://127.0.0.1:8787';
export const pageToken = 'actp_page_token';
export const deviceToken = 'actp_device_token';

interface Sent {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}

/** A page in a browser, as far as our scripts use one. What they do is written down. */
export interface Page {
  session: Map<string, string>;
  local: Map<string, string>;
  /** What `fetch` and XMLHttpRequest have sent. */
  sent: Sent[];
  /** What `fetch` answers. */
  answer: () => Response | Promise<Response>;
  /** Where the page went, in order; `reload` for itself. */
  went: string[];
  /** What other tabs were told. */
  posted: unknown[];
  /** Another tab says something. */
  hear(data: unknown): void;
  /** Everything that waits for its time does what it waits for. */
  elapse(): void;
  /** What stands in the paragraph for messages. */
  message: string | undefined;
  /** Sends the form of the page. */
  submit(): Promise<void>;
  /** What the page itself does with `fetch`. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** What the page itself does with XMLHttpRequest; the status of the answer is given. */
  xhr(method: string, url: string, status?: number): void;
}

type Listener = (event: Record<string, unknown>) => unknown;

interface Options {
  session?: Record<string, string>;
  local?: Record<string, string>;
  path?: string;
  /** The fields of the form. */
  form?: Record<string, string>;
}

const storageOf = (map: Map<string, string>) => ({
  getItem: (name: string) => map.get(name) ?? null,
  setItem: (name: string, value: string) => void map.set(name, value),
  removeItem: (name: string) => void map.delete(name),
});

/** Runs one of the scripts in a page, as the gateway serves it. */
export async function openPage(name: string, options: Options = {}): Promise<Page> {
  const { path = '/dashboard/queue/audit?page=2', form = {} } = options;
  const listeners: Record<string, Listener> = {};
  const timers: Array<() => void> = [];
  const send = async (input: Request | string, init?: RequestInit) => {
    const request = new Request(typeof input === 'string' ? new URL(input, origin) : input, init);
    const headers = Object.fromEntries(request.headers);
    page.sent.push({ url: request.url, method: request.method, headers, body: await request.text() });
    return page.answer();
  };
  class XhrOfBrowser {
    status = 0;
    #sent: Sent = { url: '', method: '', headers: {}, body: '' };
    #loaded: Array<() => void> = [];

    open(method: string, url: string): void {
      this.#sent = { ...this.#sent, url, method };
    }
    setRequestHeader(header: string, value: string): void {
      this.#sent.headers[header] = value;
    }
    addEventListener(_: string, listener: () => void): void {
      this.#loaded.push(listener.bind(this));
    }
    finish(status: number): void {
      page.sent.push(this.#sent);
      this.status = status;
      for (const loaded of this.#loaded) loaded();
    }
  }
  class Channel {
    addEventListener(type: string, listener: Listener): void {
      listeners[type] = listener;
    }
    postMessage(data: unknown): void {
      // Of the context's own kind: compared as plain data.
      page.posted.push(JSON.parse(JSON.stringify(data)));
    }
  }
  const paragraph = {
    setAttribute: () => undefined,
    set textContent(text: string) {
      page.message = text;
    },
  };
  const formElement = {
    addEventListener: (type: string, listener: Listener) => void (listeners[type] = listener),
    insertAdjacentElement: () => paragraph,
  };
  const window: Record<string, unknown> = { fetch: send };
  const at = new URL(path, origin);
  const context = createContext({
    window,
    URL,
    URLSearchParams,
    // Of a browser, which knows its page's address.
    Request: class extends Request {
      constructor(input: Request | string, init?: RequestInit) {
        super(typeof input === 'string' ? new URL(input, at) : input, init);
      }
    },
    FormData: class {
      *[Symbol.iterator]() {
        yield* Object.entries(form);
      }
    },
    fetch: send,
    XMLHttpRequest: XhrOfBrowser,
    BroadcastChannel: Channel,
    sessionStorage: storageOf(new Map()),
    setTimeout: (work: () => void) => void timers.push(work),
    document: {
      baseURI: at.href,
      createElement: () => paragraph,
      querySelector: (selector: string) => (selector === 'form' ? formElement : null),
    },
    location: {
      origin: at.origin,
      pathname: at.pathname,
      search: at.search,
      assign: (to: string) => void page.went.push(to),
      replace: (to: string) => void page.went.push(to),
      reload: () => void page.went.push('reload'),
    },
  });
  const page: Page = {
    session: new Map(Object.entries(options.session ?? {})),
    local: new Map(Object.entries(options.local ?? {})),
    sent: [],
    answer: () => new Response(null, { status: 204 }),
    went: [],
    posted: [],
    hear: (data) => void listeners['message']?.({ data }),
    elapse: () => {
      for (const work of timers.splice(0)) work();
    },
    message: undefined,
    submit: async () => void (await listeners['submit']?.({ preventDefault: () => undefined })),
    fetch: (url, init) => (window['fetch'] as typeof fetch)(url, init),
    xhr(method, url, status = 200) {
      const request = new XhrOfBrowser();
      request.open(method, url);
      request.finish(status);
    },
  };
  context['sessionStorage'] = storageOf(page.session);
  context['localStorage'] = storageOf(page.local);
  const app = new Hono<AppEnv>();
  pageScriptRoutes(app);
  runInContext(await (await app.request(`/page/${name}.js`)).text(), context);
  return page;
}
