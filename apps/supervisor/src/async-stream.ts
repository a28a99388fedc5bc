import { write } from 'node:fs';
import { Writable } from 'node:stream';

// A pipe that somebody else made non-blocking and that is full at the moment.
const retryMs = 20;

/**
 * A stream onto a file descriptor that never blocks us. Node writes to a terminal synchronously: one that is held
 * (Ctrl-S) would stop the supervisor, and with it the way to the database.
 */
export function createAsyncStream(fd: number): Writable {
  const writeAll = (chunk: Buffer, done: (error?: Error | null) => void) => {
    write(fd, chunk, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => writeAll(chunk, done), retryMs);
      } else if (error !== null || written === chunk.length) {
        done(error);
      } else {
        writeAll(chunk.subarray(written), done);
      }
    });
  };
  return new Writable({
    decodeStrings: true,
    // Without this, a terminal that was closed would end the stream; here nobody minds.
    autoDestroy: false,
    write(chunk: Buffer, _encoding, done) {
      writeAll(chunk, () => done());
    },
  });
}
