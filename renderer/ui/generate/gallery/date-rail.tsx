import { Button } from 'react-aria-components';
import type { GalleryDay } from '../../../generation/gallery-store.ts';

/** The days beside the gallery: pressing one goes there. */
export function DateRail({ days, onGo }: { days: readonly GalleryDay[]; onGo: (day: GalleryDay) => void }) {
  return (
    <nav className="date-rail scroll" aria-label="Days">
      {days.map((day) => (
        <Button
          className="button quiet"
          key={day.index}
          aria-label={`${day.label}, ${day.count} ${day.count === 1 ? 'picture' : 'pictures'}`}
          onPress={() => onGo(day)}
        >
          <span>{day.label}</span>
          <span className="dim">{day.count}</span>
        </Button>
      ))}
    </nav>
  );
}
