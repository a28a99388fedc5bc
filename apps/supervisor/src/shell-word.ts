export { shellWord } from '@actp/shared/shell-word';
