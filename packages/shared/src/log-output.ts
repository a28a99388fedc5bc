import process from 'node:process';
import { pino, type DestinationStream } from 'pino';

// Between two writes under load. Longer ones would save little more, and lose more to a kill -9.
const pauseMs = 10;

/**
 * Standard output. A line leaves at the end of its turn of the event loop; under load lines leave together, every few
 * milliseconds, in one system call. What is pending at exit is still written.
 */
export function standardOutput(): DestinationStream {
  // Synchronous: on exit, pino's asynchronous stream repeats a write to a broken pipe for ever (sonic-boom 4.2.1,
  // flushSync), and an app whose supervisor was killed would never end.
  const output = pino.destination({ fd: 1, sync: true });
  let pending = '';
  let written = 0;
  const write = () => {
    process.off('exit', write);
    written = performance.now();
    const lines = pending;
    pending = '';
    output.write(lines);
  };
  return {
    write(line) {
      if (pending === '') {
        process.once('exit', write);
        if (performance.now() - written > pauseMs) setImmediate(write);
        else setTimeout(write, pauseMs);
      }
      pending += line;
    },
  };
}
