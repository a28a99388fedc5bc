/** The commands as Telegram's clients offer them and `/help` lists them. */
export const botCommands = [
  { command: 'status', description: 'Last self-tests, services and queues' },
  { command: 'pending', description: 'List pending approvals' },
  { command: 'selftest', description: 'Run the self-test now' },
  { command: 'heal', description: 'Hand the failing tests to the coding agent' },
  { command: 'review', description: 'Review dependencies and files for known trouble now' },
  { command: 'stop', description: 'Stop everything, an agent or an action: [scope] [reason]' },
  { command: 'resume', description: 'List what is stopped, and lift it' },
  { command: 'link', description: 'Link this Telegram id to your operator account: <code>' },
  { command: 'help', description: 'Show this help' },
] as const;

export const commandNames = botCommands.map(({ command }) => command);

/** As `/help` and answers list them. */
export const commandLines = botCommands.map(({ command, description }) => `/${command} - ${description}`);
