import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export interface Story {
  /** A new step, numbered. */
  step(title: string): void;
  line(text: string, style?: Style): void;
  /** A name and its value. */
  fact(name: string, value: string): void;
}

/** Tells on a terminal what happens; colours only where they can be shown (a TTY, no NO_COLOR). */
export function createStory(output: NodeJS.WriteStream): Story {
  const paint = (style: Style, text: string) => styleText(style, text, { stream: output });
  let steps = 0;
  return {
    step(title) {
      steps += 1;
      output.write(`\n${paint('bold', `${steps}. ${title}`)}\n`);
    },
    line: (text, style) => void output.write(`${indent(style === undefined ? text : paint(style, text))}\n`),
    fact: (name, value) => void output.write(`   ${paint('dim', name.padEnd(12))} ${value}\n`),
  };
}

const indent = (text: string) => text.replaceAll(/^(?=.)/gm, '   ');
