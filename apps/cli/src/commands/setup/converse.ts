import { resolve } from 'node:path';
import { planeProcess } from '@actp/services/doctor/plane';
import { mergeUsableEnvironment } from '@actp/shared/env-file/merge';
import { readEnvFile } from '@actp/shared/env-file/read';
import { readUsableSettings } from '@actp/shared/plane-settings';
import type { Cli } from '../../command.ts';
import { setUpCodingAgent } from './coding-agent.ts';
import type { Conversation } from './conversation.ts';
import { createDraft, type Draft } from './draft.ts';
import { setUpServices } from './services.ts';
import { setUpStores } from './stores.ts';
import { stateLines } from './state-lines.ts';
import { setUpTelegram } from './telegram.ts';
import { writeChanges } from './write-changes.ts';

/** The whole conversation. Nothing is written before its end. @throws Interrupted when the person ends it */
export async function converse(cli: Cli, talk: Conversation): Promise<void> {
  const file = cli.plane.envFile;
  const { values } = await readEnvFile(file);
  const { settings } = readUsableSettings(mergeUsableEnvironment(values, cli.environment).environment);
  const dataDir = resolve(cli.root, settings.ACTP_DATA_DIR);
  const draft = createDraft(values);

  talk.say('Set-up of actp-worker. Nothing here is needed for npm start.');
  talk.say('Enter takes what stands in brackets, - removes a setting, Ctrl-C leaves everything as it is.');
  talk.say();
  for (const line of stateLines(draft, cli.environment)) talk.say(line);
  talk.say();
  await setUpTelegram({
    talk,
    draft,
    apiRoot: settings.TELEGRAM_API_ROOT,
    planePolls: (token) => settings.TELEGRAM_BOT_TOKEN === token && planeProcess(dataDir) !== undefined,
  });
  talk.say();
  await setUpCodingAgent(talk, draft);
  talk.say();
  await setUpStores(talk, draft);
  talk.say();
  await setUpServices(talk, draft);
  talk.say();
  await finish(cli, talk, draft, file, dataDir);
}

async function finish(
  cli: Cli,
  talk: Conversation,
  draft: Draft,
  file: string,
  dataDir: string,
): Promise<void> {
  const names = [...draft.changes().keys()];
  if (names.length === 0) {
    talk.say('Nothing has changed; .env stays as it is.');
    return;
  }
  talk.say(`To be written into .env: ${names.join(', ')}`);
  if (!(await talk.confirm('Write them?', true))) {
    talk.say('Nothing was written.');
    return;
  }
  await writeChanges(file, draft.changes());
  talk.say('Written (.env, mode 0600).');
  const hidden = names.filter((name) => (cli.environment[name] ?? '').trim() !== '');
  if (hidden.length > 0) {
    talk.say(`Also set in the environment, which takes precedence over .env: ${hidden.join(', ')}`);
  }
  const runs = planeProcess(dataDir) !== undefined;
  talk.say(runs ? 'Stop the plane and start it again (npm start) to use them.' : 'npm start uses them.');
  talk.say('npm run doctor looks at the whole installation.');
}
