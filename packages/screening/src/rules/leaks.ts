import { phrase, type PhraseRule } from './phrase.ts';

const promptReason = 'asks for the instructions that the assistant was given';
const secretReason = 'asks for secrets to be shown or sent';
const sendReason = 'asks for data to be sent to an address';

/** Prompt leaks, secrets, data sent elsewhere. */
export const leakRules: readonly PhraseRule[] = [
  phrase('exfiltration', 'prompt', [0.6, 0.75], 'show|tell|transfer ~4 systemPrompt', promptReason),
  phrase(
    'exfiltration',
    'system_prompt',
    [0.65, 0.75],
    'show|tell|transfer ~3 your|the|prior ~3 system|prior ~1 prompt|instruction|message',
    promptReason,
  ),
  phrase(
    'exfiltration',
    'system_prompt_bare',
    [0.5, 0.6],
    'show|tell system prompt|instruction',
    promptReason,
  ),
  phrase(
    'exfiltration',
    'your_prompt',
    [0.6, 0.7],
    'show|tell|transfer ~3 your ~3 instruction|prompt|rule',
    promptReason,
  ),
  phrase('exfiltration', 'what_instructions', [0.5, 0.6], 'what ~3 your ~2 instruction|prompt', promptReason),
  phrase(
    'exfiltration',
    'instructions_given',
    [0.6, 0.7],
    'show|tell|what ~4 instruction|prompt|message|text|everything|rule ~4 you ~3 told',
    promptReason,
  ),
  phrase(
    'exfiltration',
    'text_above',
    [0.6, 0.5],
    'show|tell ~3 text|everything|message|data ~3 above|prior|before',
    promptReason,
  ),
  phrase('exfiltration', 'not_supposed', [0.4, 0.5], 'what ~2 you ~2 not ~3 tell|show', promptReason),
  phrase('exfiltration', 'prompt_sov', [0.55, 0.65], 'systemPrompt ~2 show', promptReason),
  phrase(
    'exfiltration',
    'system_prompt_sov',
    [0.55, 0.65],
    'system ~1 prompt|instruction ~2 show',
    promptReason,
  ),
  phrase('exfiltration', 'show_secret', [0.45, 0.45], 'show|tell ~4 secret', secretReason),
  phrase(
    'exfiltration',
    'secrets_stored',
    [0.55, 0.5],
    'show|tell ~4 secret|key ~4 your ~2 data|system|secret',
    secretReason,
  ),
  phrase('exfiltration', 'your_secret', [0.5, 0.6], 'what|show|tell ~3 your ~2 secret', secretReason),
  phrase(
    'exfiltration',
    'api_keys',
    [0.45, 0.55],
    'show|tell|transfer|read ~5 tool|secret|hush key',
    secretReason,
  ),
  phrase('exfiltration', 'what_system', [0.5, 0.6], 'what ~3 your ~2 system|systemPrompt', promptReason),
  phrase('exfiltration', 'the_secret', [0.5, 0.5], 'show|tell ~3 the|your secret $', secretReason),
  phrase(
    'exfiltration',
    'see_prompt',
    [0.5, 0.6],
    'read ~1 the|your system prompt|instruction',
    promptReason,
  ),
  phrase('exfiltration', 'what_secret', [0.5, 0.55], 'what|approval ~1 the ~1 secret', secretReason),
  phrase(
    'exfiltration',
    'above_text',
    [0.4, 0.45],
    'show ~1 above text|everything|message|instruction',
    promptReason,
  ),
  phrase('exfiltration', 'hush', [0.15, 0.2], 'show|tell|transfer|read ~3 hush', secretReason),
  phrase('exfiltration', 'send_secret', [0.3, 0.35], 'transfer|read ~5 secret', secretReason),
  phrase(
    'exfiltration',
    'secret_to_address',
    [0.55, 0.7],
    'show|transfer|read ~6 secret ~8 address',
    sendReason,
  ),
  phrase(
    'exfiltration',
    'data_to_address',
    [0.15, 0.55],
    'transfer ~4 data|everything|user ~5 address',
    sendReason,
  ),
  phrase('exfiltration', 'all_to_address', [0.1, 0.55], 'transfer ~3 all ~8 address', sendReason),
  phrase('exfiltration', 'address_first', [0.1, 0.45], 'transfer ~3 address ~4 data|secret', sendReason),
  phrase(
    'exfiltration',
    'encode_and_send',
    [0.3, 0.5],
    'show|decode ~4 data ~8 decode ~10 transfer|read|address',
    sendReason,
  ),
];
