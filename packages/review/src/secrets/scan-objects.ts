import type { GitPlace } from './git.ts';
import type { HistoryItem } from './history-changes.ts';
import { createObjectReader, type ObjectReader } from './read-objects.ts';
import { createByteScanner, type ByteScanner } from './scan-bytes.ts';
import type { FoundSecret } from './scan-text.ts';

const atOnce = 500;
// Half a gigabyte of names.
const mostObjects = 4_000_000;

/** The secrets of the history, with where they stand. Each object is read once, wherever it stands. */
export async function* scanObjects(
  items: AsyncIterable<HistoryItem>,
  place: GitPlace,
  incomplete: (reason: string) => void,
): AsyncGenerator<{ item: HistoryItem; secret: FoundSecret }> {
  const reader = createObjectReader(place);
  const scanner = createByteScanner();
  // Most have none: of those only the name is kept.
  const clean = new Set<string>();
  const found = new Map<string, FoundSecret[]>();
  let batch: HistoryItem[] = [];
  const secretsOf = async function* () {
    const asked = new Set(
      batch.map(({ object }) => object).filter((name) => !clean.has(name) && !found.has(name)),
    );
    await scanAll([...asked], { reader, scanner, clean, found, incomplete });
    for (const item of batch) for (const secret of found.get(item.object) ?? []) yield { item, secret };
    batch = [];
  };
  try {
    for await (const item of items) {
      if (item.object === '') continue;
      batch.push(item);
      if (batch.length < atOnce) continue;
      yield* secretsOf();
      if (clean.size <= mostObjects) continue;
      incomplete(`only the newest ${mostObjects} files of the history are read`);
      break;
    }
    yield* secretsOf();
  } finally {
    if (!(await reader.end())) incomplete('git could not read all of the history');
  }
}

interface Scan {
  reader: ObjectReader;
  scanner: ByteScanner;
  clean: Set<string>;
  found: Map<string, FoundSecret[]>;
  incomplete: (reason: string) => void;
}

async function scanAll(objects: readonly string[], scan: Scan): Promise<void> {
  const { reader, scanner, clean, found, incomplete } = scan;
  reader.ask(objects);
  for (const object of objects) {
    const headers = countHeaderLines();
    const type = await reader.next((chunk, typeOfIt) => {
      if (typeOfIt !== 'blob') headers.push(chunk);
      scanner.push(chunk);
    });
    const secrets = scanner
      .end()
      .map((secret) => (secret.line <= headers.count() ? { ...secret, inHeader: true } : secret));
    if (type === undefined) return incomplete('git could not read all of the history');
    if (type === 'missing') incomplete('the history here is not whole (objects are missing)');
    if (secrets.length > 0) found.set(object, secrets);
    else clean.add(object);
  }
}

const longestHeaders = 65_536;

/** How many lines of a commit or tag stand above its message. */
function countHeaderLines() {
  let text = '';
  return {
    push(chunk: Buffer) {
      if (text.length < longestHeaders && !text.includes('\n\n')) text += chunk.toString('latin1');
    },
    count() {
      const end = text.indexOf('\n\n');
      return text === '' ? 0 : text.slice(0, end < 0 ? text.length : end).split('\n').length;
    },
  };
}
