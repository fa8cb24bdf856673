/** The text fields of a form that have something in them, without spaces around. */
export const given = (form: FormData, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = form.get(name);
      const text = typeof value === "string" ? value.trim() : "";
      return text === "" ? [] : [[name, text]];
    }),
  );
