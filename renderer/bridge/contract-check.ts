import { events, requests } from '../../preload/contract/index.ts';
import type { ContractCheck } from './bridge.ts';

/** Parses answers and events with the contract's schemas. */
export const contractCheck: ContractCheck = {
  result: (name, value) => faultOf(requests[name].result.safeParse(value)),
  event: (event) => faultOf(events[event.name].safeParse(event.payload)),
};

function faultOf(parsed: { success: boolean; error?: { message: string } | undefined }): string | null {
  return parsed.success ? null : (parsed.error?.message ?? 'it does not fit');
}
