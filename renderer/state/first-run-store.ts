import { create } from 'zustand';

/** Whether ways to begin are offered: from a first start until something was begun. */
export const useFirstRun = create<{ offered: boolean }>()(() => ({ offered: false }));

/** Something was begun. */
export function endFirstRun(): void {
  useFirstRun.setState({ offered: false });
}
