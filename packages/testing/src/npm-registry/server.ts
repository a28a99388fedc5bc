import { createLoopbackServer } from '../loopback-server.ts';

export interface PublishedVersion {
  /** ISO 8601; absent: the registry does not say. */
  time?: string;
  scripts?: Record<string, string>;
}

export type NpmRegistry = Awaited<ReturnType<typeof startNpmRegistry>>;

/**
 * A registry of npm on loopback, with the documents about packages and nothing to download. `published` and `mode` may be changed
 * while it runs.
 */
export async function startNpmRegistry() {
  const published = new Map<string, Record<string, PublishedVersion>>();
  const asked: string[] = [];
  const state = {
    mode: 'answers' as 'answers' | 'refuses' | 'no JSON',
  };
  const server = await createLoopbackServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '/').slice(1));
    asked.push(name);
    const versions = published.get(name);
    if (state.mode === 'refuses') return void response.writeHead(405).end();
    if (state.mode === 'no JSON') return void response.end('<html>sign in first</html>');
    if (versions === undefined) return void response.writeHead(404).end('{}');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(documentOf(name, versions)));
  });
  return { ...server, published, asked, state };
}

function documentOf(name: string, versions: Record<string, PublishedVersion>) {
  const entries = Object.entries(versions);
  return {
    name,
    time: Object.fromEntries(
      entries.flatMap(([version, { time }]) => (time === undefined ? [] : [[version, time]])),
    ),
    versions: Object.fromEntries(
      entries.map(([version, { scripts = {} }]) => [version, { name, version, scripts }]),
    ),
  };
}
