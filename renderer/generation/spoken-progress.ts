/** Says how far a job is when it has passed a quarter, a half and three quarters. */
export class SpokenProgress {
  #jobId: string | null = null;
  #quarters = 0;
  readonly #say: (sentence: string) => void;

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  /** Takes how far a job is; another one than before begins anew. */
  take(jobId: string, step: number, steps: number, secondsLeft: number): void {
    if (jobId !== this.#jobId) {
      this.#jobId = jobId;
      this.#quarters = 0;
    }
    if (steps < 4 || step >= steps) return;
    const quarters = Math.floor((4 * step) / steps);
    if (quarters <= this.#quarters) return;
    this.#quarters = quarters;
    this.#say(`${Math.round((step / steps) * 100)} percent, ${Math.ceil(secondsLeft)} seconds left.`);
  }
}
