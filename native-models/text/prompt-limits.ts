import { ModelError } from '../errors.ts';

/** Characters (UTF-16 units) of the longest prompt that is looked at. */
const MOST_PROMPT_CHARACTERS = 20_000;

/**
 * Refuses a prompt before any work is done on it.
 *
 * @throws ModelError `size-unsupported` if it is longer than `MOST_PROMPT_CHARACTERS`.
 */
export function checkPromptLength(text: string): void {
  if (text.length <= MOST_PROMPT_CHARACTERS) return;
  throw new ModelError(
    'size-unsupported',
    `The prompt has ${text.length} characters; the limit is ${MOST_PROMPT_CHARACTERS}.`,
    'Shorten the prompt.',
  );
}
