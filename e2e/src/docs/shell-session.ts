import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';

export interface ShellSession {
  /** Runs a command in this shell, after those before it: what it printed, and how it ended. */
  run(command: string): Promise<{ output: string; code: number }>;
  end(): void;
}

/** One `sh` for all blocks of a page: functions and variables of one command are there for the next. */
export function openShellSession(cwd: string, env: Record<string, string | undefined>): ShellSession {
  const shell = spawn('sh', [], { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
  shell.stdin.on('error', () => undefined);
  let output = '';
  let ended = false;
  let heard: () => void = () => undefined;
  shell.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    heard();
  });
  shell.once('close', () => {
    ended = true;
    heard();
  });
  shell.stdin.write('exec 2>&1\n');
  return {
    async run(command) {
      const mark = randomUUID();
      const end = new RegExp(String.raw`\n?${mark} (\d+)\n`);
      output = '';
      // What the command reads is not what this shell is told next.
      shell.stdin.write(`{\n${command}\n} </dev/null\nprintf '\\n%s %s\\n' ${mark} "$?"\n`);
      for (;;) {
        const match = end.exec(output);
        if (match) return { output: output.slice(0, match.index), code: Number(match[1]) };
        if (ended) throw new Error(`the shell ended:\n${output}`);
        await new Promise<void>((resolve) => (heard = resolve));
      }
    },
    end: () => void shell.kill(),
  };
}
