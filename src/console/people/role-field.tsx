import { isRole, MERCHANT_ROLES, type Role } from "../../auth/roles.ts";
import type { Markup } from "../../pages/markup.ts";
import type { PeopleText } from "./text.ts";

/** The roles that a form names. */
export const rolesIn = (form: FormData): Role[] => form.getAll("roles").map(String).filter(isRole);

/** A choice of roles; most people have one. */
export function RoleField({ text, chosen }: { text: PeopleText; chosen: readonly Role[] }): Markup {
  return (
    <fieldset id="f-roles" class="choices">
      <legend>{text.role}</legend>
      {MERCHANT_ROLES.map((role) => (
        <label class="choice">
          <input type="checkbox" name="roles" value={role} checked={chosen.includes(role)} />
          <span>{text.roles[role]}</span>
        </label>
      ))}
    </fieldset>
  );
}
