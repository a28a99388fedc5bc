import { Option } from 'commander';

/** Options that several commands take. */
export const tokenOption = () =>
  new Option(
    '--token-file <file>',
    "an operator's token (access_token of POST /v1/auth/login), instead of a session",
  );

export const jsonOption = (what: string) => new Option('--json', what);
