/** What went wrong with a model file, in a word that code can switch on. */
export type ModelErrorCode =
  | 'file-missing'
  | 'file-truncated'
  | 'file-unreadable'
  | 'header-invalid'
  | 'tensor-out-of-bounds'
  | 'tensor-missing'
  | 'shape-mismatch'
  | 'dtype-unsupported'
  | 'family-unknown'
  | 'family-unsupported'
  | 'pickle-refused'
  | 'config-invalid'
  | 'weights-missing'
  | 'size-unsupported'
  | 'adapter-unsupported'
  | 'tokenizer-invalid';

/**
 * A model file, or a request made of it, that Impasto cannot use.
 *
 * `message` is one sentence for a person and names the number or key that did not fit;
 * `remedy` says what the person can do about it.
 */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  readonly remedy: string;

  constructor(code: ModelErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}
