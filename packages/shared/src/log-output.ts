import process from 'node:process';
import { pino, type DestinationStream } from 'pino';

/**
 * Standard output, written once for all events of one turn of the event loop: under load that is one system call for
 * many lines, otherwise a line leaves at once. What is pending at exit is still written.
 */
export function standardOutput(): DestinationStream {
  // Synchronous: on exit, pino's asynchronous stream repeats a write to a broken pipe for ever (sonic-boom 4.2.1,
  // flushSync), and an app whose supervisor was killed would never end.
  const output = pino.destination({ fd: 1, sync: true });
  let pending = '';
  const write = () => {
    process.off('exit', write);
    const lines = pending;
    pending = '';
    output.write(lines);
  };
  return {
    write(line) {
      if (pending === '') {
        process.once('exit', write);
        setImmediate(write);
      }
      pending += line;
    },
  };
}
