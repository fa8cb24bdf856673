import { iconSvg } from "./icon.ts";
import { payJs } from "./script.ts";
import { payCss } from "./style.ts";

/** A file of the pages. Its path holds a hash of its content, so browsers may cache it for ever. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

export interface Assets {
  readonly style: Asset;
  readonly script: Asset;
  readonly icon: Asset;
}

/** Creates a file whose path holds the first 16 hex digits of its SHA-256. */
export async function createAsset(name: string, extension: string, type: string, content: string): Promise<Asset> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content));
  const hash = new Uint8Array(digest).toHex().slice(0, 16);
  return { path: `/assets/${name}.${hash}.${extension}`, type, content };
}

let cached: Promise<Assets> | undefined;

const createAssets = async (): Promise<Assets> => ({
  style: await createAsset("pay", "css", "text/css; charset=utf-8", minifyCss(payCss)),
  script: await createAsset("pay", "js", "text/javascript; charset=utf-8", payJs.trim()),
  icon: await createAsset("icon", "svg", "image/svg+xml", iconSvg),
});

/** Removes line breaks and indents. */
export const minifyCss = (css: string): string => css.split("\n").map((line) => line.trim()).join("");

/** The files of the hosted page. */
export const assets = (): Promise<Assets> => cached ??= createAssets();
