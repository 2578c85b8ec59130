import type { StudioError } from '../../preload/contract/index.ts';

/** What is shown when the page cannot reach its studio at all. */
export function StartFailure({ error }: { error: StudioError }) {
  return (
    <main className="overlay">
      <div className="dialog">
        <section>
          <h2>{error.message}</h2>
          <p className="dim">{error.remedy}</p>
        </section>
      </div>
    </main>
  );
}
