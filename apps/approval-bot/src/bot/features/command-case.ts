import { Composer, type Context } from 'grammy';
import { commandOf } from '../command-text.ts';

/** Phones begin a sentence with a capital letter: `/Stop` and `/STATUS` are the commands that everything below knows. */
export function commandCaseFeature(): Composer<Context> {
  const feature = new Composer();
  feature.on('message:text', async (ctx, next) => {
    const command = commandOf(ctx.msg);
    if (command !== undefined) {
      ctx.msg.text = command.toLowerCase() + ctx.msg.text.slice(command.length);
    }
    await next();
  });
  return feature;
}
