import type { BigIntStats } from 'node:fs';
import sax from 'sax';
import { messageOf } from '@actp/shared/errors';
import { createJunitCases, JunitError, type JunitCaps, type JunitReport } from './junit-cases.ts';
import { withCharacterReferences } from './character-references.ts';
import { openRegularFile } from '../open-regular-file.ts';
import { decodeXml } from './xml-encoding.ts';

export type JunitOutcome = { ok: true; report: JunitReport } | { ok: false; problem: string };

// A report of this size has some million test cases.
const maxBytes = 256 * 1024 * 1024;
const chunkBytes = 64 * 1024;
// Enough for a person or a fix prompt; the counts say how many more there are. A name is cut only where no command line could
// take it any more (Linux: 128 KiB for one argument).
const junitCaps: JunitCaps = {
  failures: 200,
  cases: 0,
  caseText: 64 * 1024 * 1024,
  name: 64 * 1024,
  message: 1_024,
  details: 8 * 1024,
};
// sax gives up when a single attribute is longer; its own 64 KiB are less than a message that a test may fail with.
const maxAttribute = 4 * 1024 * 1024;
const maxAttributes = 100;

/**
 * Reads a JUnit XML report as a stream: memory stays small whatever the size of the file. No entity is ever expanded
 * and no document type accepted. A file that is cut off, malformed or names no test is a problem, never a success.
 *
 * @param maxCases how many test cases are listed one by one
 * @param refusal what is wrong with the very file that is open; null when nothing
 * @param placeRefusal what speaks against the place where it really lies
 */
export async function readJunit(
  path: string,
  maxCases = 0,
  refusal: (file: BigIntStats) => string | null = () => null,
  placeRefusal: (place: string) => string | null = () => null,
): Promise<JunitOutcome> {
  const opened = await openRegularFile(path, maxBytes, placeRefusal);
  if (!opened.ok) return { ok: false, problem: opened.problem };
  try {
    const before = await opened.file.stat({ bigint: true });
    const refused = refusal(before);
    if (refused !== null) return { ok: false, problem: refused };
    // The size was checked above; a file that goes on growing is read up to there, and then has no end.
    const stream = opened.file.createReadStream({
      highWaterMark: chunkBytes,
      end: maxBytes,
      autoClose: false,
    });
    const report = await parse(stream, maxCases);
    const after = await opened.file.stat({ bigint: true });
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs)
      return { ok: false, problem: 'was written to while it was read' };
    return { ok: true, report };
  } catch (error) {
    const problem = error instanceof JunitError ? error.message : `cannot be read: ${messageOf(error)}`;
    return { ok: false, problem };
  } finally {
    await opened.file.close();
  }
}

async function parse(chunks: AsyncIterable<Buffer>, maxCases: number): Promise<JunitReport> {
  const cases = createJunitCases({ ...junitCaps, cases: maxCases });
  // The only setting of sax that is not the parser's own.
  Object.assign(sax, { MAX_BUFFER_LENGTH: maxAttribute });
  const parser = sax.parser(true);
  parser.ENTITIES = withCharacterReferences(parser.ENTITIES);
  let attributes = 0;

  parser.onopentagstart = () => {
    attributes = 0;
  };
  parser.onattribute = () => {
    attributes += 1;
    if (attributes > maxAttributes)
      throw new JunitError(`has more than ${maxAttributes} attributes in one element`);
  };
  parser.onopentag = (tag) => {
    // Without the xmlns option every attribute is a plain string.
    cases.open(tag as sax.Tag);
  };
  parser.ontext = cases.text;
  parser.oncdata = cases.text;
  parser.onclosetag = cases.close;
  parser.ondoctype = () => {
    throw new JunitError('has a document type declaration, which no JUnit report needs');
  };
  parser.onerror = (error) => {
    const [what] = error.message.split('\n');
    throw new JunitError(`is not well-formed XML, or cut off: line ${parser.line + 1}: ${what}`);
  };

  for await (const text of decodeXml(chunks)) parser.write(text);
  parser.close();
  return cases.report();
}
