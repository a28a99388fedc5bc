import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '@actp/redaction/redact';
import type { PartLog } from '@actp/embedded/part';
import type { ConsoleOutput } from './console-output.ts';
import { formatLogLine } from './format-log-line.ts';
import { createLogFile, type LogFile } from './log-file.ts';

export interface PlaneLogs {
  folder: string;
  /** What an app printed: as it is into its file, in short onto the console. */
  app(name: string, line: string): void;
  /** What happened to an app, onto the console and into its file. */
  appEvent(name: string, text: string): void;
  /** What a store printed, into its file; what happened to it onto the console as well. */
  part: PartLog;
  /** The last lines of an app. */
  lastLines(name: string): readonly string[];
  close(): Promise<void>;
}

const keptLines = 15;

/** Files under `logs/` of the data folder, one for each app and store, and what of it goes to the console. */
export function createPlaneLogs(dataDir: string, output: ConsoleOutput): PlaneLogs {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, LogFile>();
  const last = new Map<string, string[]>();
  const fileOf = (name: string): LogFile => {
    const file = files.get(name) ?? createLogFile(join(folder, `${name}.log`));
    files.set(name, file);
    return file;
  };

  return {
    folder,
    app(name, line) {
      const { level, text } = formatLogLine(line);
      last.set(name, [...(last.get(name) ?? []).slice(1 - keptLines), text]);
      // Loggers redact what they write; other lines (a crash, a library's warning) went past them.
      fileOf(name).write(line.startsWith('{') ? line : text);
      output.line(name, text, level);
    },
    appEvent(name, text) {
      fileOf(name).write(`supervisor: ${text}`);
      output.line('supervisor', `${name} ${text}`, 'warn');
    },
    part(name, line, kind) {
      const text = redact(line);
      fileOf(name).write(kind === 'event' ? `supervisor: ${text}` : text);
      if (kind === 'event') output.line('supervisor', `${name} ${text}`, 'warn');
    },
    lastLines: (name) => last.get(name) ?? [],
    async close() {
      await Promise.all([...files.values()].map((file) => file.close()));
    },
  };
}
