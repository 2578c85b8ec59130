import { StudioError } from '../../preload/contract/index.ts';
import type { RequestResult } from '../../preload/contract/index.ts';
import type { LibraryModel } from './model-library.ts';

/** How a prompt is cut into chunks by a model's tokenizer. */
export function countTokens(_model: LibraryModel, _text: string): Promise<RequestResult<'models.tokens'>> {
  return Promise.reject(new StudioError('models/no-tokenizer', 'Tokens are not counted yet.', 'Update Impasto.'));
}
