export { brushSchema, type StoredBrush } from './brushes.ts';
export {
  changeSchema,
  type Change,
  type DocumentState,
  type DocumentSummary,
  type HistoryStep,
  type NoteKey,
  MAX_CANVAS_EDGE,
  MAX_NOTE_BYTES,
  type SavePoint,
  TILE_BYTES,
  TILE_EDGE,
} from './documents.ts';
export { type Eased, easedWords } from './eased.ts';
export type { Envelope, FileDialogs, StudioBridge } from './envelope.ts';
export { StudioError, type StudioErrorData, studioErrorSchema } from './errors.ts';
export { type ExportKind, type ExportSettings, MAX_UPLOAD_BYTES, type ProofIntent } from './files.ts';
export {
  type ChangeRequest,
  type GenerationRequest,
  generationRequestSchema,
  type PrecisionChoice,
  type Raster,
  type ResultSummary,
} from './generation.ts';
export {
  GRID_CHANGES,
  GRID_SETTINGS,
  GRID_WORDS,
  type Grid,
  type GridAxis,
  MAX_AXIS_VALUES,
  MAX_GRID_PICTURES,
} from './grid.ts';
export { type LayerRecord, layerRecordSchema } from './layers.ts';
export type { GalleryEntry } from './gallery.ts';
export type { AdapterCard, AdapterFit, LibraryCard, LibraryFolder } from './library.ts';
export type { LiveSettings } from './live.ts';
export { packPlaces, type TilePlace, unpackPlaces } from './places.ts';
export { type FoundSettings, MAX_PICTURE_FILE, type PictureTool, type UsableSettings } from './provenance.ts';
export { comparePlans, type Plan, type PlanDifference, type PlanStage, type PriceRow } from './plan.ts';
export type { Lane, QueuedJob, QueueState } from './queue.ts';
export { type Ancestor, MAX_SEED, type Recipe, type RecipeChange, recipeSchema } from './recipe.ts';
export {
  type EventName,
  type EventPayload,
  events,
  isEventName,
  isRequestName,
  type ParsedParams,
  type RequestName,
  type RequestParams,
  type RequestResult,
  requests,
  type StudioEvent,
} from './requests.ts';
export { packRepeat, Repeat, REPEAT_TYPE, restoreBytes, shareBytes, unpackRepeat } from './shared-bytes.ts';
export type { MissingPart, Variation } from './variation.ts';
export type { DeviceReport, ModelCard, StudioInfo } from './studio.ts';
