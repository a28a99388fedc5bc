const folders =
  /(?:^|\/)(?:node_modules|bower_components|vendor|third_party|dist|build|target|coverage|\.git|\.next|\.nuxt|\.venv|venv|site-packages|__pycache__|\.yarn|\.pnpm-store)\//;
const tests =
  /(?:^|\/)(?:tests?|__tests__|spec|specs|fixtures?|testdata|mocks?|__mocks__|examples?|samples?|docs?|bench(?:marks?)?)\/|(?:[._-](?:test|spec|fixture|mock|sample|example)s?\.|(?:^|[/_-])(?:test|samples?|examples?)[_.-])[^/]*$|\.md$/i;
const environment = /(?:^|\/)\.env(?:[^a-z\d/][^/]*)?$/i;
// Samples, what is encrypted, and programs.
const noEnvironment =
  /\.env[^/]*[._-](?:examples?|samples?|templates?|tmpl|tpl|dist|defaults?|schema|test|ci|vault|d\.ts|[cm]?[jt]s|md)$/i;

/** Whether a file holds the settings of a program, which only it should be able to read; whatever comes behind `.env`. */
export const isEnvFile = (path: string): boolean => environment.test(path) && !noEnvironment.test(path);

/** Whether it is in a folder of what others have made, or what was built. */
export const isOfOthers = (path: string): boolean => folders.test(path);

/** Whether a path of the working tree is looked at: all that is in the repository, and what else is the project's own. */
export const isLookedAt = (path: string, isTracked: boolean): boolean => isTracked || !isOfOthers(path);

/** Whether it is of tests, samples or documentation, where most of what looks like a secret is none. */
export const isOfTests = (path: string): boolean => tests.test(path);
