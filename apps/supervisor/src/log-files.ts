import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '@actp/redaction/redact';
import { createRedactor, type Redactor } from '@actp/redaction/redact-stream';
import { createRepeatLimit, type RepeatLimitOptions } from '@actp/shared/repeat-limit';
import type { PartLog } from '@actp/embedded/running-store';
import type { ConsoleOutput } from './console-output.ts';
import { alertOf } from './alert-lines.ts';
import { eventOf, formatLogLine, isLogEvent } from './format-log-line.ts';
import { createLogFile, type LogFile } from './log-file.ts';
import { createRoutineSummary } from './routine-summary.ts';

export interface LogFilesOptions extends RepeatLimitOptions {
  /** What people call the folder of the data; its path unless given. */
  shownDataDir?: string;
  /** Every request on the console, not only their number. */
  showRequests?: boolean;
}

export interface LogFiles {
  folder: string;
  /** What an app printed: as it is into its file, in short onto the console. Requests are only counted there. */
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
// A crash that repeats shows its stack each time; what comes more often is a library that warns without an end.
const rawBurst = 20;

/** Files under `logs/` of the data folder, one for each app and store, and what of it goes to the console. */
export function createLogFiles(
  dataDir: string,
  output: ConsoleOutput,
  { shownDataDir = dataDir, showRequests = false, ...repeats }: LogFilesOptions = {},
): LogFiles {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, LogFile>();
  const last = new Map<string, string[]>();
  const fileOf = (name: string): LogFile => {
    const file = files.get(name) ?? createLogFile(join(folder, `${name}.log`));
    files.set(name, file);
    return file;
  };

  // What went past the loggers, each app's as one text: a crash may print a key over many lines.
  const redactors = new Map<string, Redactor>();
  const redactorOf = (name: string): Redactor => {
    const redactor = redactors.get(name) ?? createRedactor();
    redactors.set(name, redactor);
    return redactor;
  };

  const limit = createRepeatLimit({ burst: rawBurst, ...repeats });
  const shownPath = (name: string) => join(shownDataDir, 'logs', `${name}.log`);
  const requests = createRoutineSummary({
    ...repeats,
    say: (text) => output.line('gateway', `${text}; each is in ${join(shownDataDir, 'logs')}`),
  });
  const write = (name: string, line: string) => {
    const event = isLogEvent(line) ? (eventOf(line) ?? {}) : undefined;
    fileOf(name).write(event === undefined ? redact(line) : line);
    if (event !== undefined && !showRequests && requests.take(event)) return;
    const { level, text, cut = false } = formatLogLine(line);
    last.set(name, [...(last.get(name) ?? []).slice(1 - keptLines), text]);
    const alert = event === undefined ? undefined : alertOf(event);
    if (alert !== undefined) {
      fileOf('alerts').write(alert.whole);
      for (const part of alert.lines) output.line(name, part, level);
      output.line(
        name,
        `${alert.cut ? '... the whole alert' : 'This alert'} is in ${shownPath('alerts')}`,
        level,
      );
      return;
    }
    const serious = level === 'warn' || level === 'error' || level === 'fatal';
    output.line(name, cut && serious ? `${text} (whole in ${shownPath(name)})` : text, level);
  };
  const writeAll = (name: string, text: string) => {
    for (const line of text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined)) {
      // The loggers see to their own. After redaction, which needs every line.
      const more = (count: number) => write(name, `${line} (repeated ${count} more times)`);
      if (limit.admit(`${name} ${line}`, more)) write(name, line);
    }
  };
  const endOf = (name: string) => {
    const rest = redactors.get(name)?.end() ?? '';
    if (rest !== '') writeAll(name, rest);
  };

  return {
    folder,
    app(name, line) {
      // Loggers redact what they write; other lines (a crash, a library's warning) went past them.
      if (isLogEvent(line)) write(name, line);
      else writeAll(name, redactorOf(name).push(`${line}\n`));
    },
    appEvent(name, event) {
      endOf(name);
      // Why an app did not start is told with its last lines, which went past the loggers.
      const text = redact(event);
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
      for (const name of redactors.keys()) endOf(name);
      limit.flush();
      requests.flush();
      await Promise.all([...files.values()].map((file) => file.close()));
    },
  };
}
