import type { z } from 'zod';
import {
  type Envelope,
  isRequestName,
  type RequestName,
  requests,
  type StudioErrorData,
} from '../../preload/contract/index.ts';
import { describeIssue } from './describe-issue.ts';
import { toErrorData } from './error-data.ts';
import type { Handler, Handlers } from './handlers.ts';

/** Answers a request from the page; see {@link createDispatch}. */
export type Dispatch = (name: unknown, params: unknown) => Promise<Envelope<unknown>>;

/**
 * Parses a request with the contract, runs its handler and wraps the outcome. Never rejects: expected errors
 * become their data, anything else is told to `log` and becomes `studio/bug`.
 */
export function createDispatch(handlers: Handlers, log: (error: unknown) => void): Dispatch {
  return async (name, params) => {
    if (!isRequestName(name)) return { ok: false, error: unknownRequest(name) };
    try {
      const parsed = requests[name].params.safeParse(params);
      if (!parsed.success) return { ok: false, error: invalidParams(name, params, parsed.error) };
      // The schema of `name` has just parsed what its handler is given; TypeScript cannot pair the two by name.
      const handler = handlers[name] as Handler<RequestName>;
      return { ok: true, value: await handler(parsed.data as never) };
    } catch (error) {
      return { ok: false, error: toErrorData(error, log) };
    }
  };
}

function unknownRequest(name: unknown): StudioErrorData {
  const shown = typeof name === 'string' ? `"${name.slice(0, 64)}"` : `of type ${typeof name}`;
  return {
    code: 'studio/unknown-request',
    message: `The studio has no request ${shown}.`,
    remedy: 'Reload the page: it may be of another version than the studio.',
  };
}

function invalidParams(name: RequestName, params: unknown, error: z.ZodError): StudioErrorData {
  const sentences = error.issues.slice(0, 3).map((issue) => describeIssue(issue, params));
  const more = error.issues.length > 3 ? ` There are ${error.issues.length - 3} more such faults.` : '';
  return {
    code: 'studio/invalid-params',
    message: `${name} was refused: ${sentences.join('; ')}.${more}`,
    remedy: 'Correct the value; nothing was started or changed.',
  };
}
