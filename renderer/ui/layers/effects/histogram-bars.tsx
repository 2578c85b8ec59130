import { useEffect, useState } from 'react';
import { histogramBelow, type Histogram } from '../../../engine/adjust/histogram.ts';
import { useDocument } from '../../../state/document/document-store.ts';
import { useOpenDocument } from '../../workspace-context.tsx';
import type { ChannelId } from './channel-choice.tsx';

/** What an adjustment layer is given; it follows the picture a moment later. */
function useHistogram(layerId: string): Histogram | null {
  const open = useOpenDocument();
  const head = useDocument((state) => state.head);
  const [histogram, setHistogram] = useState<Histogram | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (open?.session.document.layers.find(layerId))
        setHistogram(histogramBelow(open.session.document, layerId));
    }, 60);
    return () => clearTimeout(timer);
  }, [open, layerId, head]);
  return histogram;
}

/** The outline of a histogram in a box of 256 × 100; heights by square root, so that small counts are seen. */
function outline(counts: Uint32Array): string {
  const most = Math.max(1, ...counts.subarray(1, 255));
  const points = [...counts].map((count, x) => `${x},${100 - 100 * Math.min(1, Math.sqrt(count / most))}`);
  return `M0,100 L${points.join(' L')} L255,100 Z`;
}

/** The values under an adjustment layer as a hill, behind whatever else the picture of 256 × 100 holds. */
export function HistogramBars({ layerId, channel }: { layerId: string; channel: ChannelId }) {
  const histogram = useHistogram(layerId);
  if (!histogram) return null;
  const counts = channel === 'rgb' ? histogram.luma : histogram[channel];
  return <path className="histogram" d={outline(counts)} aria-hidden />;
}
