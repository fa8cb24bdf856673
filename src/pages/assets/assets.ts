import { iconSvg } from "./icon.ts";
import { payJs } from "./script.ts";
import { payCss } from "./style.ts";

/** A file of ours: its address holds a hash of its content, so it may be kept for ever. */
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

/** Names a file after what is in it. */
export async function asset(name: string, extension: string, type: string, content: string): Promise<Asset> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content));
  const hash = new Uint8Array(digest).toHex().slice(0, 16);
  return { path: `/assets/${name}.${hash}.${extension}`, type, content };
}

let made: Promise<Assets> | undefined;

const make = async (): Promise<Assets> => ({
  style: await asset("pay", "css", "text/css; charset=utf-8", squeezed(payCss)),
  script: await asset("pay", "js", "text/javascript; charset=utf-8", payJs.trim()),
  icon: await asset("icon", "svg", "image/svg+xml", iconSvg),
});

/** Line breaks and indents are for us. */
export const squeezed = (css: string): string => css.trim().replaceAll(/\s*\n\s*/g, "");

/** The files of the hosted page. */
export const assets = (): Promise<Assets> => made ??= make();
