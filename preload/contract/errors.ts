import { z } from 'zod';

/** What every failed request carries, in both hosts. */
export const studioErrorSchema = z.object({
  /** Stable, machine-readable: `area/what`, such as `document/not-found`. */
  code: z.string().regex(/^[a-z-]+\/[a-z0-9-]+$/),
  /** One sentence for a person: what happened and what is safe, with the number that did not fit. */
  message: z.string().min(1),
  /** What the person can do now. */
  remedy: z.string(),
});

/** Plain form of {@link StudioError}, as it crosses the boundary. */
export type StudioErrorData = z.infer<typeof studioErrorSchema>;

/**
 * An expected failure: something a person can understand and act on. Anything else that is thrown is
 * a bug and is reported as `studio/bug`.
 */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }

  /** The form that crosses the boundary; stack and cause stay at home. */
  toData(): StudioErrorData {
    return { code: this.code, message: this.message, remedy: this.remedy };
  }

  /** Brings an error back to life on the other side. */
  static from(data: StudioErrorData): StudioError {
    return new StudioError(data.code, data.message, data.remedy);
  }
}
