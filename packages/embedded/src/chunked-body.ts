const lineFeed = 0x0a;
// A size line with extensions, or a trailer.
const longestLine = 16 * 1024;

export interface ChunkedBody {
  /**
   * Takes the next piece of a chunked body (RFC 9112, 7.1).
   *
   * @returns how many of its bytes belong to the body, and whether it ends there
   * @throws Error when it is malformed
   */
  take(piece: Buffer): { bytes: number; ended: boolean };
}

/** Follows a chunked body as it goes by, to find its end. */
export function createChunkedBody(): ChunkedBody {
  let line = '';
  let dataLeft = 0;
  let last = false;

  // A size opens a chunk; the empty line behind a chunk's data, and after the last chunk trailers up to an empty line.
  function takeLine(): boolean {
    const text = line.replace(/\r?\n$/, '');
    line = '';
    if (last) return text === '';
    const size = /^([0-9a-fA-F]{1,12})[ \t]*(;.*)?$/.exec(text)?.[1];
    if (size === undefined) throw new Error('malformed chunk');
    const bytes = Number.parseInt(size, 16);
    last = bytes === 0;
    // With the line end behind the data.
    dataLeft = last ? 0 : bytes + 2;
    return false;
  }

  return {
    take(piece) {
      let at = 0;
      while (at < piece.length) {
        if (dataLeft > 0) {
          const skipped = Math.min(dataLeft, piece.length - at);
          dataLeft -= skipped;
          at += skipped;
          continue;
        }
        const end = piece.indexOf(lineFeed, at);
        const until = end === -1 ? piece.length : end + 1;
        line += piece.toString('latin1', at, until);
        at = until;
        if (line.length > longestLine) throw new Error('malformed chunk');
        if (end !== -1 && takeLine()) return { bytes: at, ended: true };
      }
      return { bytes: at, ended: false };
    },
  };
}
