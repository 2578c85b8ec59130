import { Button } from 'react-aria-components';
import type { StudioError } from '../../preload/contract/index.ts';

/** What is shown when the studio cannot be opened in this page at all. */
export function StartFailure({ error }: { error: StudioError }) {
  return (
    <main className="overlay">
      <div className="dialog">
        <section>
          <h2>{error.message}</h2>
          <p className="dim">{error.remedy}</p>
          <div className="actions">
            <Button className="button" onPress={() => location.reload()}>
              Load the page again
            </Button>
          </div>
        </section>
      </div>
    </main>
  );
}
