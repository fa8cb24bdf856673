import { type Document, resolve, type Schema } from "../../http/openapi/types.ts";
import type { Markup } from "../markup.ts";
import { Text } from "./text.tsx";

const nameOf = ({ $ref }: Schema): string | null => $ref === undefined ? null : $ref.slice($ref.lastIndexOf("/") + 1);

export const objectAnchor = (name: string): string => `object-${name}`;

const Named = ({ name }: { name: string }): Markup => <a href={`#${objectAnchor(name)}`}>{name}</a>;

/** The type in words: `string or null`, `list of Attempt`. */
export function Type({ schema }: { schema: Schema }): Markup {
  const name = nameOf(schema);
  if (name !== null) return <Named name={name} />;
  const choices = (schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== "null");
  const nullable = choices.length < (schema.anyOf ?? schema.oneOf ?? []).length ||
    (Array.isArray(schema.type) && schema.type.includes("null"));
  const [one] = choices;
  const or = nullable ? " or null" : "";
  if (one !== undefined) {
    return (
      <>
        {choices.map((choice, i) => (
          <>
            {i > 0 && " or "}
            <Type schema={choice} />
          </>
        ))}
        {or}
      </>
    );
  }
  if (schema.items !== undefined) {
    return (
      <>
        list of <Type schema={schema.items} />
        {or}
      </>
    );
  }
  if (schema.const !== undefined) return <code>{JSON.stringify(schema.const)}</code>;
  if (schema.enum !== undefined) {
    return (
      <>
        one of {schema.enum.map((v, i) => (
          <>
            {i > 0 && ", "}
            <code>{String(v)}</code>
          </>
        ))}
        {or}
      </>
    );
  }
  const types = [schema.type ?? "anything"].flat().filter((type) => type !== "null");
  return <>{types.map((type) => schema.format === "date-time" ? "time" : typeNames[type] ?? type).join(" or ")}{or}</>;
}

const typeNames: Readonly<Record<string, string>> = {
  integer: "whole number",
  boolean: "true or false",
  string: "text",
};

/** The limits of a value in words, without those that the description already names: `1 to 20 characters`. */
export function limitsOf(schema: Schema): string {
  const isDescribed = (words: string) => schema.description?.includes(words) ?? false;
  const { minLength, maxLength, minimum, maximum, exclusiveMinimum, multipleOf } = schema;
  const length = minLength !== undefined && maxLength !== undefined
    ? `${minLength} to ${maxLength} characters`
    : maxLength === undefined
    ? null
    : `at most ${maxLength} characters`;
  return [
    length,
    exclusiveMinimum === undefined ? null : `more than ${exclusiveMinimum}`,
    minimum === undefined || maximum === undefined ? null : `${minimum} to ${maximum}`,
    minimum !== undefined && maximum === undefined ? `at least ${minimum}` : null,
    maximum !== undefined && minimum === undefined ? `at most ${maximum}` : null,
    multipleOf === undefined || isDescribed("multiple of") ? null : `a multiple of ${multipleOf}`,
    schema.default === undefined || isDescribed("efault") ? null : `default ${JSON.stringify(schema.default)}`,
  ].filter((part) => part !== null).join(", ");
}

/** Lists the fields of an object, and below a field those of its inline object. `marks`: shows which are required. */
export function Fields({ schema, marks }: { schema: Schema; marks: boolean }): Markup {
  const required = new Set(schema.required ?? []);
  return (
    <ul class="fields">
      {Object.entries(schema.properties ?? {}).map(([name, field]) => (
        <Field name={name} schema={field} mark={marks ? required.has(name) ? "required" : "optional" : null} />
      ))}
    </ul>
  );
}

interface FieldProps {
  readonly name: string;
  readonly schema: Schema;
  readonly mark: "required" | "optional" | null;
}

export function Field({ name, schema, mark }: FieldProps): Markup {
  const inner = innerObject(schema);
  const limits = limitsOf(schema);
  return (
    <li>
      <div class="field">
        <code class="name">{name}</code>{" "}
        <span class="type">
          <Type schema={schema} />
        </span>
        {mark === "required" && <span class="must">required</span>}
      </div>
      {(schema.description !== undefined || limits !== "") && (
        <p>
          {schema.description !== undefined && <Text text={schema.description} />}
          {limits !== "" && <span class="limits">{schema.description === undefined ? "" : " "}{sentence(limits)}</span>}
        </p>
      )}
      {inner !== null && (
        <details>
          <summary>{Object.keys(inner.properties ?? {}).length} fields</summary>
          <Fields schema={inner} marks={mark !== null} />
        </details>
      )}
    </li>
  );
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The inline object in a field, or in each item of its list. Null: there is none, or it is a named object. */
function innerObject(schema: Schema): Schema | null {
  const choices = [schema, schema.items ?? {}, ...(schema.anyOf ?? []), ...(schema.items?.anyOf ?? [])];
  return choices.find(({ properties, $ref }) => properties !== undefined && $ref === undefined) ?? null;
}

/** Renders what a body contains: the name of an object, a page of named objects, or a list of fields. */
export function Shape({ document, schema, marks }: { document: Document; schema: Schema; marks: boolean }): Markup {
  const name = nameOf(schema);
  if (name !== null && !marks) {
    return (
      <p>
        Answers a <Named name={name} />.
      </p>
    );
  }
  const resolved = resolve<Schema>(document, schema);
  const item = resolved.properties?.data?.items;
  const listed = item === undefined ? null : nameOf(item);
  if (listed !== null && resolved.properties?.next_cursor !== undefined) {
    return (
      <p>
        Answers a page: <code>data</code>, a list of <Named name={listed} />, and <code>next_cursor</code>.
      </p>
    );
  }
  return <Fields schema={resolved} marks={marks} />;
}
