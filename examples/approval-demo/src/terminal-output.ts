import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export interface TerminalOutput {
  /** A new step, numbered. */
  step(title: string): void;
  line(text: string, style?: Style): void;
  /** A name and its value. */
  fact(name: string, value: string): void;
}

/** Writes what happens to a terminal; colours only where they can be shown (a TTY, no NO_COLOR). */
export function createTerminalOutput(stream: NodeJS.WriteStream): TerminalOutput {
  const paint = (style: Style, text: string) => styleText(style, text, { stream });
  let steps = 0;
  return {
    step(title) {
      steps += 1;
      stream.write(`\n${paint('bold', `${steps}. ${title}`)}\n`);
    },
    line: (text, style) => void stream.write(`${indent(style === undefined ? text : paint(style, text))}\n`),
    fact: (name, value) => void stream.write(`   ${paint('dim', name.padEnd(12))} ${value}\n`),
  };
}

const indent = (text: string) => text.replaceAll(/^(?=.)/gm, '   ');
