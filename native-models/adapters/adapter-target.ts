import type { AdapterSite } from '../architectures/adapter-sites.ts';
import { type AdapterComponent, flatSpellings, placeModule } from './module-names.ts';
import { originalUnetNames } from './original-names.ts';

/** What a model offers to adapters. */
export interface AdapterTarget {
  /** What people call the model's kind, such as `SD 1.x`; for messages. */
  readonly family: string;
  /** Linear layers and convolutions by component; see `listAdapterSites`. */
  readonly sites: Readonly<Partial<Record<AdapterComponent, readonly AdapterSite[]>>>;
  /** Normalisation layers, whose weight and bias are vectors: module name to length. */
  readonly norms?: Readonly<Partial<Record<AdapterComponent, ReadonlyMap<string, number>>>>;
}

/** A module of the model that a file's module name stands for. */
export interface TargetModule {
  readonly component: AdapterComponent;
  /** The diffusers name of the module. */
  readonly name: string;
  /** Shape of its weight: [out, in], [out, in, kh, kw] or, for a normalisation, [length]. */
  readonly shape: readonly number[];
}

const COMPONENTS: readonly AdapterComponent[] = ['unet', 'text_encoder', 'text_encoder_2'];

function siteShape(site: AdapterSite): number[] {
  const matrix = [site.outFeatures, site.inFeatures];
  return site.kind === 'conv' ? [...matrix, ...site.kernel] : matrix;
}

/** Finds a model's modules by any program's name for them. Built once for a model. */
export class ModuleIndex {
  readonly target: AdapterTarget;
  readonly #byFlatName = new Map<AdapterComponent, Map<string, TargetModule>>();

  constructor(target: AdapterTarget) {
    this.target = target;
    for (const component of COMPONENTS) {
      const modules: TargetModule[] = [
        ...(target.sites[component] ?? []).map((site) => ({
          component,
          name: site.name,
          shape: siteShape(site),
        })),
        ...[...(target.norms?.[component] ?? [])].map(([name, length]) => ({
          component,
          name,
          shape: [length],
        })),
      ];
      const names = new Map(modules.map((module) => [module.name.replaceAll('.', '_'), module]));
      if (component === 'unet') {
        const originals = originalUnetNames(modules.map((module) => module.name));
        for (const module of modules) {
          const original = originals.get(module.name)?.replaceAll('.', '_');
          if (original !== undefined && !names.has(original)) names.set(original, module);
        }
      }
      this.#byFlatName.set(component, names);
    }
  }

  /** The module that a name in an adapter file stands for, if the model has it. */
  find(moduleName: string): TargetModule | undefined {
    const { components, name } = placeModule(moduleName);
    const spellings = flatSpellings(name);
    for (const component of components) {
      const names = this.#byFlatName.get(component);
      for (const spelling of spellings) {
        const module = names?.get(spelling);
        if (module) return module;
      }
    }
    return undefined;
  }
}
