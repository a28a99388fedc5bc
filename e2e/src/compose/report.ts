import process from 'node:process';

/** One thing that was looked at; `holds` is missing where nothing is promised. */
interface Line {
  what: string;
  found: string;
  holds?: boolean;
}

export interface Report {
  say(text: string): void;
  add(line: Line): void;
  /** Prints the table. @returns whether everything holds */
  end(): { passed: boolean; lines: readonly Line[] };
}

/** Collects what was found, and says what is going on meanwhile. */
export function createReport(): Report {
  const lines: Line[] = [];
  const begun = performance.now();
  const seconds = () => String(Math.round((performance.now() - begun) / 1_000)).padStart(5);
  const mark = ({ holds }: Line) => (holds === undefined ? '  ' : holds ? 'ok' : 'NO');
  return {
    say: (text) => void process.stdout.write(`${seconds()} s  ${text}\n`),
    add(line) {
      lines.push(line);
      process.stdout.write(`${seconds()} s  ${mark(line)} ${line.what}: ${line.found}\n`);
    },
    end() {
      const width = Math.max(...lines.map(({ what }) => what.length));
      process.stdout.write('\n');
      for (const line of lines)
        process.stdout.write(`  ${mark(line)}  ${line.what.padEnd(width)}  ${line.found}\n`);
      return { passed: lines.every(({ holds }) => holds !== false), lines };
    },
  };
}
