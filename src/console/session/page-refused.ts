/** Why a page of the console answers 403. `role`: the person has none of the roles of this page. */
export type Refusal = "role" | "form_not_ours";

/** A page that this person does not get, or a form that did not come from one of our pages. */
export class PageRefused extends Error {
  override readonly name = "PageRefused";
  constructor(readonly reason: Refusal) {
    super(reason);
  }
}
