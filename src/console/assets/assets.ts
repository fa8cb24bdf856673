import { type Asset, createAsset, minifyCss } from "../../pages/assets/assets.ts";
import { iconSvg } from "../../pages/assets/icon.ts";
import { consoleJs } from "./script.ts";
import { consoleCss } from "./style.ts";

/** The files of the console. Their paths hold a hash, so browsers may keep them for ever. */
export interface ConsoleAssets {
  readonly style: Asset;
  readonly script: Asset;
  readonly icon: Asset;
}

let cached: Promise<ConsoleAssets> | undefined;

const createAssets = async (): Promise<ConsoleAssets> => {
  const under = (asset: Asset): Asset => ({ ...asset, path: `/console${asset.path}` });
  return {
    style: under(await createAsset("console", "css", "text/css; charset=utf-8", minifyCss(consoleCss))),
    script: under(await createAsset("console", "js", "text/javascript; charset=utf-8", consoleJs.trim())),
    icon: under(await createAsset("icon", "svg", "image/svg+xml", iconSvg)),
  };
};

/** The files of the console. */
export const consoleAssets = (): Promise<ConsoleAssets> => cached ??= createAssets();
