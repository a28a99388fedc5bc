import { phrase, type PhraseRule } from './phrase.ts';

const aiReason = 'speaks to an AI system rather than to people';
const orderReason = 'gives the reader orders';

/** Text that speaks to the assistant where nobody should: in what a tool returned, or on a page. */
export const addressingRules: readonly PhraseRule[] = [
  phrase('hidden_instruction', 'note_to_ai', [0.15, 0.6], 'note ~3 ai', aiReason),
  phrase(
    'hidden_instruction',
    'note_to_agent',
    [0.1, 0.5],
    'note ~3 agent ~8 must|ignore|harm|transfer|show|instruction|not',
    aiReason,
  ),
  phrase('hidden_instruction', 'if_you_are_ai', [0.2, 0.6], 'if ~1 you ~3 ai', aiReason),
  phrase('hidden_instruction', 'if_you_are_model', [0.1, 0.5], 'if ~1 you ~3 agent', aiReason),
  phrase('hidden_instruction', 'ai_must', [0.15, 0.6], 'ai|agent ~1 ai|agent ~5 must', aiReason),
  phrase(
    'hidden_instruction',
    'ai_must_short',
    [0.1, 0.55],
    'ai ~3 must ~3 harm|show|transfer|ignore|tool|skip|follow|tell',
    aiReason,
  ),
  phrase('hidden_instruction', 'ai_reading', [0.15, 0.55], 'ai agent? ~1 read|show', aiReason),
  phrase(
    'hidden_instruction',
    'agent_must',
    [0.05, 0.4],
    'agent ~2 must ~3 harm|transfer|show|ignore|skip|tool|read',
    orderReason,
  ),
  phrase(
    'hidden_instruction',
    'you_must',
    [0, 0.25],
    'you ~1 must ~3 harm|transfer|tool|ignore|skip|show|bypass',
    orderReason,
  ),
  phrase(
    'hidden_instruction',
    'before_finishing',
    [0.05, 0.45],
    'before|if ~3 you ~4 task|show|answer ~4 must',
    orderReason,
  ),
  phrase(
    'hidden_instruction',
    'tool_to',
    [0.05, 0.4],
    'tool ~3 harm|transfer ~6 address|data|secret',
    'asks for a tool to be called',
  ),
  phrase(
    'hidden_instruction',
    'when_you_summarise',
    [0.05, 0.5],
    'if ~1 you ~2 show ~6 transfer|show|tell|harm',
    orderReason,
  ),
  phrase(
    'hidden_instruction',
    'decode_and_obey',
    [0.45, 0.6],
    'decode ~4 and ~1 follow|harm',
    'asks for a hidden text to be decoded and obeyed',
  ),
  phrase('hidden_instruction', 'new_begin', [0.2, 0.5], 'above new task', orderReason),
];
