import type { DocumentSession } from './document-session.ts';

/** Lets a layer's text go and keeps its pixels, as one step, so that it can be painted on. */
export function textToPixels(session: DocumentSession, layerId: string): void {
  session.record('Make pixels of text', [{ type: 'layer-props', layerId, props: { text: null } }]);
}
