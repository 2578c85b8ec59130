import { create } from 'zustand';

/** What came of making a result again. */
export interface ReplayTold {
  readonly how: 'running' | 'same' | 'differs' | 'lacks' | 'failed';
  /** In sentences. */
  readonly words: string;
}

interface ReplayState {
  /** By result. */
  readonly told: Readonly<Record<string, ReplayTold>>;
}

/** Results that were made again since the window was opened. */
export const useReplay = create<ReplayState>()(() => ({ told: {} }));

/** Notes what came of a replay. */
export function noteReplay(resultId: string, told: ReplayTold): void {
  useReplay.setState((state) => ({ told: { ...state.told, [resultId]: told } }));
}
