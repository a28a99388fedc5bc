/** A command of a console block, and the output that is shown for it. */
export interface ShownCommand {
  command: string;
  output: string;
}

/** Reads `$ command` with its continued lines, and what is shown up to the next one. */
export function consoleCommands(text: string): ShownCommand[] {
  const commands: ShownCommand[] = [];
  let open: { command: string[]; output: string[]; continued: boolean } | undefined;
  const close = () => {
    if (open) commands.push({ command: open.command.join('\n'), output: open.output.join('\n').trim() });
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('$ ')) {
      close();
      open = { command: [line.slice(2)], output: [], continued: line.endsWith('\\') };
    } else if (open?.continued) {
      open.command.push(line);
      open.continued = line.endsWith('\\');
    } else open?.output.push(line);
  }
  close();
  return commands;
}

/** Whether the command only looks, so that it can be given again until what it waits for has come. */
export function onlyLooks(command: string): boolean {
  return (
    /\$URL|https?:\/\/|policy -- diff|audit:verify/.test(command) &&
    !/\s(?:-d|--data|-X|--data-binary)\b/.test(command)
  );
}
