import { ModelError } from '../../native-models/errors.ts';

/** What can go wrong with a job or its worker, in a word that code can switch on. */
export type InferenceErrorCode =
  | 'inference/cancelled'
  | 'inference/job-invalid'
  | 'inference/size-unsupported'
  | 'inference/prompt-too-long'
  | 'inference/sampler-unknown'
  | 'inference/out-of-memory'
  | 'inference/session-failed'
  | 'inference/worker-failed-to-start'
  | 'inference/worker-died'
  | 'inference/disposed'
  | 'inference/bug';

/** An error's plain form, as it crosses processes; `code` is `area/what`. */
export interface InferenceErrorData {
  readonly code: string;
  /** One sentence for a person, with the number or name that did not fit. */
  readonly message: string;
  /** What the person can do about it. */
  readonly remedy: string;
}

/** A job that cannot be done, said so that a person can act on it. */
export class InferenceError extends Error {
  override readonly name = 'InferenceError';
  /** One of {@link InferenceErrorCode}, or `model/…` where a model file was at fault. */
  readonly code: string;
  readonly remedy: string;

  constructor(code: InferenceErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }

  /** Brings an error back to life on the other side of a process border. */
  static from(data: InferenceErrorData): InferenceError {
    return new InferenceError(data.code as InferenceErrorCode, data.message, data.remedy);
  }
}

/**
 * Any thrown value as plain data: `InferenceError` and `ModelError` (code `model/…`) as they are,
 * everything else as `inference/bug`.
 */
export function toErrorData(error: unknown): InferenceErrorData {
  if (error instanceof InferenceError) {
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
  if (error instanceof ModelError) {
    return { code: `model/${error.code}`, message: error.message, remedy: error.remedy };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'inference/bug',
    message: `Something failed that should not have: ${message}`,
    remedy: 'Try again; if it happens again, report it with this message.',
  };
}
