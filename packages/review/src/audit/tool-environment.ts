import { commandEnvironment, type Environment } from '@actp/suites/command/command-environment';

// Where packages come from, and how they are reached.
const further = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/** The environment of the tools that a review runs: nothing that opens the plane. */
export const toolEnvironment = (ours: Environment): Record<string, string> => ({
  ...commandEnvironment(ours, { pass_env: further, env: {} }),
  NO_COLOR: '1',
  NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
  npm_config_fund: 'false',
});
