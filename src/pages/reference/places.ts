import type { ApiOperation, Document } from "../../http/openapi/types.ts";

/** An operation with its place in the document. */
export interface Call {
  readonly path: string;
  /** In lower case, as in the document. */
  readonly method: string;
  readonly operation: ApiOperation;
}

/** The calls of a group (a tag of the document), in the order of the document. */
export const callsOf = (document: Document, tag: string): readonly Call[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).filter(([, { tags }]) => tags.includes(tag))
      .map(([method, operation]) => ({ path, method, operation }))
  );

/** `createQrCode` and `QR codes` as parts of an address: `create-qr-code` and `qr-codes`. */
const slugOf = (name: string): string =>
  name.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2").replaceAll(" ", "-").toLowerCase();

/** The address of a group's page. */
export const tagPath = (tag: string): string => `/docs/${slugOf(tag)}`;

/** The address of an operation's page. */
export const callPath = ({ tags, operationId }: ApiOperation): string =>
  `${tagPath(tags[0] ?? "")}/${slugOf(operationId)}`;

/** The address of a guide's page; `name` is that of its file without `.md`. */
export const guidePath = (name: string): string => `/docs/guides/${name}`;
